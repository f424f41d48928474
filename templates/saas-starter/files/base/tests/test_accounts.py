"""Sign up, log in, log out, change the password."""

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Account, Login
from app.web import LOGIN_COOKIE

from .conftest import ADMIN, PASSWORD, Browser

ANNA = "anna@example.com"


def test_sign_up_leads_to_the_dashboard(browser: Browser) -> None:
    response = browser.sign_up("  Anna@Example.com ")
    assert response.url.path == "/dashboard"
    assert ANNA in response.text
    assert "Signed up" in response.text


@pytest.mark.parametrize(
    ("email", "password", "problem"),
    [
        ("anna", PASSWORD, "Enter an email address"),
        ("anna@nowhere", PASSWORD, "Enter an email address"),
        (f"{'a' * 260}@example.com", PASSWORD, "Enter an email address"),
        (ANNA, "short", "at least 10 characters"),
        (ADMIN, PASSWORD, "There is an account with this email already"),
    ],
)
def test_sign_up_refused(
    browser: Browser, email: str, password: str, problem: str
) -> None:
    response = browser.sign_up(email, password)
    assert response.status_code == 422
    assert problem in response.text
    assert LOGIN_COOKIE not in browser.client.cookies


def test_log_in_and_out(browser: Browser) -> None:
    browser.sign_up(ANNA)
    assert browser.log_out().url.path == "/"
    assert browser.get("/dashboard").url.path == "/login"
    assert browser.log_in(ANNA.upper()).url.path == "/dashboard"


def test_logging_out_ends_a_copied_cookie(browser: Browser, other: Browser) -> None:
    browser.sign_up(ANNA)
    other.client.cookies.set(LOGIN_COOKIE, browser.client.cookies[LOGIN_COOKIE])
    assert other.get("/dashboard").url.path == "/dashboard"
    browser.log_out()
    assert other.get("/dashboard").url.path == "/login"


@pytest.mark.parametrize(
    ("email", "password"), [(ADMIN, "a wrong password"), (ANNA, PASSWORD), ("", "")]
)
def test_log_in_refused_alike(browser: Browser, email: str, password: str) -> None:
    response = browser.log_in(email, password)
    assert response.status_code == 422
    assert "Email or password is wrong." in response.text


def test_guessing_is_slowed_down(browser: Browser) -> None:
    statuses = [browser.log_in(ADMIN, "a guess").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert browser.log_in(ADMIN).status_code == 429


def test_changing_the_password_ends_other_logins(
    browser: Browser, other: Browser
) -> None:
    browser.sign_up(ANNA)
    other.log_in(ANNA)
    new = {"current": PASSWORD, "password": "another long password"}
    assert browser.send("/account", "/account/password", **new).status_code == 200
    assert browser.get("/dashboard").url.path == "/dashboard"
    assert other.get("/dashboard").url.path == "/login"
    assert other.log_in(ANNA).status_code == 422
    assert other.log_in(ANNA, new["password"]).status_code == 200


def test_changing_the_password_needs_the_current_one(browser: Browser) -> None:
    browser.sign_up(ANNA)
    wrong = {"current": "a wrong password", "password": "another long password"}
    response = browser.send("/account", "/account/password", **wrong)
    assert response.status_code == 422
    assert "The current password is wrong." in response.text


def test_nothing_that_could_log_in_is_kept(app: FastAPI, browser: Browser) -> None:
    browser.sign_up(ANNA)
    with Session(app.state.engine) as session:
        account = session.scalars(select(Account).where(Account.email == ANNA)).one()
        login = session.scalars(select(Login)).one()
    assert account.password_hash.startswith("$argon2id$")
    assert login.token_hash != browser.client.cookies[LOGIN_COOKIE]


def test_the_first_administrator_can_log_in(browser: Browser) -> None:
    response = browser.log_in(ADMIN)
    assert response.url.path == "/dashboard"
    assert "Administrator" in response.text


def test_a_closed_account_is_shut_out(app: FastAPI, browser: Browser) -> None:
    browser.sign_up(ANNA)
    with Session(app.state.engine) as session:
        account = session.scalars(select(Account).where(Account.email == ANNA)).one()
        account.is_active = False
        session.commit()
    assert browser.get("/dashboard").url.path == "/login"
    assert browser.log_in(ANNA).status_code == 422
