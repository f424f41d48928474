"""Administration: who has an account; close one and open it again."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import delete, func, select

from app.models import Account, Login
from app.web import CheckedForm, CurrentAccount, Database, RowId, note, page

PEOPLE_PER_PAGE = 50

router = APIRouter(prefix="/admin", include_in_schema=False)


def administrator(account: CurrentAccount) -> Account:
    if not account.is_admin:
        raise HTTPException(403, "This page is for administrators.")
    return account


Administrator = Annotated[Account, Depends(administrator)]


@router.get("")
def people(
    request: Request, session: Database, account: Administrator, after: RowId = 0
) -> HTMLResponse:
    found = session.scalars(
        select(Account)
        .where(Account.id > after)
        .order_by(Account.id)
        .limit(PEOPLE_PER_PAGE + 1)
    ).all()
    shown = found[:PEOPLE_PER_PAGE]
    more = shown[-1].id if len(found) > len(shown) else None
    total = session.scalar(select(func.count()).select_from(Account))
    return page(request, "people.html", account, people=shown, more=more, total=total)


@router.post("/people/{account_id}/close", dependencies=[CheckedForm])
def close(
    session: Database, account: Administrator, account_id: RowId
) -> RedirectResponse:
    """Shut an account out, and log it out everywhere."""
    person = _person(session, account_id)
    if person.id == account.id:
        raise HTTPException(422, "You can't close your own account.")
    person.is_active = False
    session.execute(delete(Login).where(Login.account_id == person.id))
    note(session, account, f"Closed the account {person.email}"[:200])
    session.commit()
    return RedirectResponse("/admin", status_code=303)


@router.post("/people/{account_id}/reopen", dependencies=[CheckedForm])
def reopen(
    session: Database, account: Administrator, account_id: RowId
) -> RedirectResponse:
    person = _person(session, account_id)
    person.is_active = True
    note(session, account, f"Reopened the account {person.email}"[:200])
    session.commit()
    return RedirectResponse("/admin", status_code=303)


def _person(session: Database, account_id: int) -> Account:
    person = session.get(Account, account_id)
    if person is None:
        raise HTTPException(404, "Not Found")
    return person
