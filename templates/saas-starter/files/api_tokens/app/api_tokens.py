"""API tokens: a page to make and revoke them, and the address `/api/me` that takes one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Account, ApiToken, now
from app.security import new_token, token_hash
from app.web import CheckedForm, CurrentAccount, Database, RowId, note, page

NAME_LENGTH = range(1, 61)
TOKENS_PER_ACCOUNT = 20

router = APIRouter()
_bearer = HTTPBearer(auto_error=False, description="An API token")


def token_account(
    session: Database,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Account:
    """The account of a request's token."""
    query = select(ApiToken).where(
        ApiToken.token_hash == token_hash(given.credentials if given else "")
    )
    token = session.scalar(query)
    if token is None or not token.account.is_active:
        headers = {"WWW-Authenticate": "Bearer"}
        raise HTTPException(401, "A valid API token is needed.", headers)
    token.last_used_at = now()
    session.commit()
    return token.account


@router.get("/api/me", tags=["account"])
def me(account: Annotated[Account, Depends(token_account)]) -> dict[str, str | bool]:
    """The account a token belongs to."""
    return {
        "email": account.email,
        "is_admin": account.is_admin,
        "created_at": account.created_at.isoformat(),
    }


@router.get("/tokens", include_in_schema=False)
def tokens_page(
    request: Request, session: Database, account: CurrentAccount
) -> HTMLResponse:
    return _page(request, session, account)


@router.post("/tokens", include_in_schema=False, dependencies=[CheckedForm])
def make_token(
    request: Request,
    session: Database,
    account: CurrentAccount,
    name: Annotated[str, Form()] = "",
) -> Response:
    name = name.strip()
    if len(name) not in NAME_LENGTH:
        problem = f"A token has a name of at most {NAME_LENGTH[-1]} characters."
        return _page(request, session, account, 422, problem=problem)
    if len(_tokens(session, account)) >= TOKENS_PER_ACCOUNT:
        problem = f"At most {TOKENS_PER_ACCOUNT} tokens. Revoke one first."
        return _page(request, session, account, 422, problem=problem)
    token = new_token("api_")
    session.add(
        ApiToken(account_id=account.id, name=name, token_hash=token_hash(token))
    )
    note(session, account, f"Made the API token “{name}”")
    session.commit()
    return _page(request, session, account, made=token)


@router.post(
    "/tokens/{token_id}/revoke", include_in_schema=False, dependencies=[CheckedForm]
)
def revoke_token(
    session: Database, account: CurrentAccount, token_id: RowId
) -> RedirectResponse:
    token = session.get(ApiToken, token_id)
    if token is None or token.account_id != account.id:
        raise HTTPException(404, "Not Found")
    session.delete(token)
    note(session, account, f"Revoked the API token “{token.name}”")
    session.commit()
    return RedirectResponse("/tokens", status_code=303)


def _tokens(session: Session, account: Account) -> list[ApiToken]:
    query = select(ApiToken).where(ApiToken.account_id == account.id)
    return list(session.scalars(query.order_by(ApiToken.id)))


def _page(
    request: Request,
    session: Session,
    account: Account,
    status: int = 200,
    **context: str,
) -> HTMLResponse:
    tokens = _tokens(session, account)
    return page(request, "tokens.html", account, status, tokens=tokens, **context)
