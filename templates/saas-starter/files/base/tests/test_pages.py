"""Pages, health check, migrations."""

import html
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.main import create_app
from app.models import Base
from app.settings import APP_NAME, TAGLINE, Settings
from app.web import MENU

from .conftest import ADMIN, Browser


def test_the_first_page_shows_the_name_and_nothing_of_it_is_markup(
    browser: Browser,
) -> None:
    text = browser.get("/").text
    assert f"<h1>{html.escape(APP_NAME, quote=False)}</h1>" in _plain(text)
    assert TAGLINE in html.unescape(text)


@pytest.mark.parametrize("address", ["/dashboard", "/account"])
def test_pages_for_accounts_ask_to_log_in(browser: Browser, address: str) -> None:
    assert browser.get(address).url.path == "/login"


def test_every_page_of_the_menu_opens_for_an_administrator(browser: Browser) -> None:
    browser.log_in(ADMIN)
    for address, title, _ in MENU:
        response = browser.get(address)
        assert (response.status_code, response.url.path) == (200, address)
        assert f'aria-current="page">{title}</a>' in response.text


def test_an_unknown_page(browser: Browser) -> None:
    response = browser.get("/nowhere")
    assert response.status_code == 404
    assert "Not Found" in response.text


def test_headers_keep_foreign_scripts_out(browser: Browser) -> None:
    headers = browser.get("/").headers
    assert headers["content-security-policy"].startswith("default-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"


def test_style_is_served(browser: Browser) -> None:
    assert browser.get("/static/style.css").status_code == 200


def test_health(browser: Browser) -> None:
    response = browser.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok"}


def test_health_without_a_database(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}", secret_key="x")
    response = TestClient(create_app(settings)).get("/health")
    assert response.status_code == 503


def test_migrations_make_the_tables_of_the_models(
    app: FastAPI, browser: Browser
) -> None:
    with app.state.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgres://a:b@host/c", "postgresql+psycopg://a:b@host/c"),
        ("postgresql://host/c", "postgresql+psycopg://host/c"),
        ("sqlite:///x.sqlite", "sqlite:///x.sqlite"),
    ],
)
def test_addresses_of_databases(given: str, expected: str) -> None:
    environ = {"DATABASE_URL": given, "SECRET_KEY": "x"}
    assert Settings.from_environment(environ).database_url == expected


def _plain(text: str) -> str:
    """Jinja2 writes quotes as numbers; in a text they may stand as they are."""
    return text.replace("&#34;", '"').replace("&#39;", "'")
