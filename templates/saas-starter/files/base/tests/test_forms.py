"""Forms of other sites are refused."""

import pytest

from .conftest import ADMIN, PASSWORD, Browser


@pytest.mark.parametrize("action", ["/signup", "/login", "/logout"])
@pytest.mark.parametrize("form", [{}, {"form": ""}, {"form": "0" * 64}, {"form": "ü"}])
def test_without_the_token_of_the_page(
    browser: Browser, action: str, form: dict[str, str]
) -> None:
    browser.get("/login")
    fields = {"email": ADMIN, "password": PASSWORD, **form}
    response = browser.client.post(action, data=fields)
    assert response.status_code == 403
    assert "This form has expired" in response.text


def test_with_the_token_of_another_visitor(browser: Browser, other: Browser) -> None:
    browser.get("/login")
    stolen = other.get("/login").text.partition('name="form" value="')[2][:64]
    fields = {"form": stolen, "email": ADMIN, "password": PASSWORD}
    assert browser.client.post("/login", data=fields).status_code == 403


def test_cookies_are_out_of_reach_of_scripts(browser: Browser) -> None:
    response = browser.client.get("/login")
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
