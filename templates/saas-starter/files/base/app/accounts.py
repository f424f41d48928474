"""Accounts: sign up, log in, log out, change the password."""

import re
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import Account, Login, now
from app.security import Brake, Passwords, new_token, token_hash
from app.settings import Settings
from app.web import (
    LOGIN_COOKIE,
    VISITOR_COOKIE,
    CheckedForm,
    CurrentAccount,
    Database,
    Visitor,
    note,
    page,
    set_cookie,
)

LOGIN_DAYS = 14
PASSWORD_LENGTH = range(10, 257)

router = APIRouter(include_in_schema=False)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


@router.get("/signup")
def signup_page(request: Request, account: Visitor) -> Response:
    return _redirect("/dashboard") if account else page(request, "signup.html")


@router.post("/signup", dependencies=[CheckedForm])
def signup(
    request: Request,
    session: Database,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    address = email.strip().lower()
    problem = email_problem(address) or password_problem(password)
    if problem is None:
        passwords: Passwords = request.app.state.passwords
        account = Account(email=address, password_hash=passwords.hash(password))
        session.add(account)
        try:
            session.flush()
        except IntegrityError:
            session.rollback()
            problem = "There is an account with this email already. Log in instead."
        else:
            note(session, account, "Signed up")
            return _log_in(request, session, account)
    return page(request, "signup.html", status=422, problem=problem, email=email)


@router.get("/login")
def login_page(request: Request, account: Visitor) -> Response:
    return _redirect("/dashboard") if account else page(request, "login.html")


@router.post("/login", dependencies=[CheckedForm])
def login(
    request: Request,
    session: Database,
    email: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    address = email.strip().lower()
    brake: Brake = request.app.state.brake
    if brake.holds(address):
        return _refused(request, email, "Too many attempts. Try again later.", 429)
    account = session.scalar(select(Account).where(Account.email == address))
    passwords: Passwords = request.app.state.passwords
    right = passwords.matches(password, account.password_hash if account else None)
    if account is None or not right or not account.is_active:
        brake.failed(address)
        return _refused(request, email, "Email or password is wrong.", 422)
    brake.release(address)
    note(session, account, "Logged in")
    return _log_in(request, session, account)


@router.post("/logout", dependencies=[CheckedForm])
def logout(request: Request, session: Database) -> Response:
    token = request.cookies.get(LOGIN_COOKIE, "")
    session.execute(delete(Login).where(Login.token_hash == token_hash(token)))
    session.commit()
    response = _redirect("/")
    response.delete_cookie(LOGIN_COOKIE)
    response.delete_cookie(VISITOR_COOKIE)
    return response


@router.get("/account")
def account_page(request: Request, account: CurrentAccount) -> HTMLResponse:
    return page(request, "account.html", account)


@router.post("/account/password", dependencies=[CheckedForm])
def change_password(
    request: Request,
    session: Database,
    account: CurrentAccount,
    current: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    passwords: Passwords = request.app.state.passwords
    problem = password_problem(password)
    if not passwords.matches(current, account.password_hash):
        problem = "The current password is wrong."
    if problem:
        return page(request, "account.html", account, 422, problem=problem)
    account.password_hash = passwords.hash(password)
    session.execute(delete(Login).where(Login.account_id == account.id))
    note(session, account, "Changed the password")
    return _log_in(request, session, account)


def email_problem(address: str) -> str | None:
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        return "Enter an email address, such as anna@example.com."
    return None


def password_problem(password: str) -> str | None:
    if len(password) not in PASSWORD_LENGTH:
        return f"A password has at least {PASSWORD_LENGTH.start} characters."
    return None


def _log_in(request: Request, session: Session, account: Account) -> Response:
    """Log the browser in. It gets new cookies, so that none of before is worth anything."""
    settings: Settings = request.app.state.settings
    token = new_token()
    session.execute(delete(Login).where(Login.expires_at < now()))
    session.add(
        Login(
            token_hash=token_hash(token),
            account_id=account.id,
            expires_at=now() + timedelta(days=LOGIN_DAYS),
        )
    )
    session.commit()
    response = _redirect("/dashboard")
    set_cookie(response, settings, LOGIN_COOKIE, token, LOGIN_DAYS * 86_400)
    set_cookie(response, settings, VISITOR_COOKIE, new_token())
    return response


def _refused(request: Request, email: str, problem: str, status: int) -> Response:
    return page(request, "login.html", status=status, problem=problem, email=email)


def _redirect(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)
