"""Administration."""

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session

from app.models import Account

from .conftest import ADMIN, Browser

ANNA = "anna@example.com"
CLOSE = "/admin/people/2/close"
REOPEN = "/admin/people/2/reopen"


def test_administrators_see_everybody(browser: Browser, other: Browser) -> None:
    other.sign_up(ANNA)
    browser.log_in(ADMIN)
    page = browser.get("/admin").text
    assert ANNA in page
    assert "2 accounts" in page


def test_others_do_not(browser: Browser) -> None:
    browser.sign_up(ANNA)
    response = browser.get("/admin")
    assert response.status_code == 403
    assert ADMIN not in response.text
    assert 'href="/admin"' not in browser.get("/dashboard").text


@pytest.mark.parametrize("action", [CLOSE, REOPEN])
def test_others_change_nothing(browser: Browser, action: str) -> None:
    browser.sign_up(ANNA)
    assert browser.send("/dashboard", action).status_code == 403


def test_close_and_reopen(browser: Browser, other: Browser) -> None:
    other.sign_up(ANNA)
    browser.log_in(ADMIN)
    assert "Reopen" in browser.send("/admin", CLOSE).text
    assert other.get("/dashboard").url.path == "/login"
    assert other.log_in(ANNA).status_code == 422
    assert "Reopen" not in browser.send("/admin", REOPEN).text
    assert other.log_in(ANNA).status_code == 200


def test_an_administrator_stays(browser: Browser) -> None:
    browser.log_in(ADMIN)
    response = browser.send("/admin", "/admin/people/1/close")
    assert response.status_code == 422
    assert browser.get("/admin").status_code == 200


def test_an_unknown_account(browser: Browser) -> None:
    browser.log_in(ADMIN)
    assert browser.send("/admin", "/admin/people/99/close").status_code == 404


def test_many_people_come_page_by_page(app: FastAPI, browser: Browser) -> None:
    with Session(app.state.engine) as session:
        for number in range(60):
            email = f"person{number}@example.com"
            session.add(Account(email=email, password_hash="-"))
        session.commit()
    browser.log_in(ADMIN)
    first = browser.get("/admin").text
    assert 'href="/admin?after=50"' in first
    second = browser.get("/admin?after=50").text
    assert "person59@example.com" in second
    assert "More" not in second


@pytest.mark.parametrize("number", ["9" * 30, "-1", "x"])
def test_ids_that_cannot_be(browser: Browser, number: str) -> None:
    browser.log_in(ADMIN)
    assert browser.get(f"/admin?after={number}").status_code == 422
    action = f"/admin/people/{number}/close"
    assert browser.send("/admin", action).status_code == 422
