"""API tokens: made, used, revoked."""

import re

import pytest

from .conftest import Browser

ANNA = "anna@example.com"


def make_token(browser: Browser, name: str = "my script") -> str:
    response = browser.send("/tokens", "/tokens", name=name)
    return re.search(r"<code>(api_[\w-]+)</code>", response.text)[1]


def call(browser: Browser, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return browser.client.get("/api/me", headers=headers).status_code


def test_a_token_lets_a_program_in(browser: Browser, other: Browser) -> None:
    browser.sign_up(ANNA)
    headers = {"Authorization": f"Bearer {make_token(browser)}"}
    assert other.client.get("/api/me", headers=headers).json()["email"] == ANNA


def test_a_token_is_shown_once(browser: Browser) -> None:
    browser.sign_up(ANNA)
    token = make_token(browser)
    page = browser.get("/tokens").text
    assert "my script" in page
    assert token not in page


@pytest.mark.parametrize("token", ["", "api_", "api_" + "x" * 43, "ü"])
def test_anything_else_does_not(browser: Browser, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode()}
    response = browser.client.get("/api/me", headers=headers)
    assert response.status_code == 401
    assert response.json() == {"detail": "A valid API token is needed."}


def test_a_revoked_token_is_shut_out(browser: Browser) -> None:
    browser.sign_up(ANNA)
    token = make_token(browser)
    assert call(browser, token) == 200
    browser.send("/tokens", "/tokens/1/revoke")
    assert call(browser, token) == 401


def test_tokens_of_others_cannot_be_revoked(browser: Browser, other: Browser) -> None:
    browser.sign_up(ANNA)
    token = make_token(browser)
    other.sign_up("ben@example.com")
    assert other.send("/tokens", "/tokens/1/revoke").status_code == 404
    assert call(browser, token) == 200


def test_a_token_that_cannot_be_is_not_looked_up(browser: Browser) -> None:
    browser.sign_up(ANNA)
    assert browser.send("/tokens", f"/tokens/{'9' * 30}/revoke").status_code == 422


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_names_refused(browser: Browser, name: str) -> None:
    browser.sign_up(ANNA)
    assert browser.send("/tokens", "/tokens", name=name).status_code == 422


def test_a_name_is_not_markup(browser: Browser) -> None:
    browser.sign_up(ANNA)
    make_token(browser, "<script>alert(1)</script>")
    assert "<script>" not in browser.get("/tokens").text


def test_there_is_a_limit(browser: Browser) -> None:
    browser.sign_up(ANNA)
    for number in range(20):
        make_token(browser, f"token {number}")
    assert browser.send("/tokens", "/tokens", name="one more").status_code == 422
