"""What the tests share: an application on a database of its own, and a browser that fills in forms."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.main import create_app
from app.settings import Settings

PASSWORD = "a long enough password"
ADMIN = "admin@example.com"

# Cheap on purpose: the tests are about what happens, not about how long a guess takes.
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Browser:
    """A visitor: keeps cookies, and sends each form with the token of the page it is on."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, address: str) -> Response:
        return self.client.get(address)

    def send(self, page: str, action: str, **fields: str) -> Response:
        shown = self.client.get(page).text
        token = re.search(r'name="form" value="(\w+)"', shown)
        return self.client.post(action, data={"form": token[1], **fields})

    def sign_up(self, email: str, password: str = PASSWORD) -> Response:
        return self.send("/signup", "/signup", email=email, password=password)

    def log_in(self, email: str, password: str = PASSWORD) -> Response:
        return self.send("/login", "/login", email=email, password=password)

    def log_out(self) -> Response:
        return self.send("/dashboard", "/logout")


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'test.sqlite'}",
        secret_key="only for tests",
        admin_email=ADMIN,
        admin_password_hash=HASHER.hash(PASSWORD),
    )
    return create_app(settings, HASHER)


@pytest.fixture
def browser(app: FastAPI) -> Iterator[Browser]:
    with TestClient(app) as client:
        yield Browser(client)


@pytest.fixture
def other(app: FastAPI, browser: Browser) -> Browser:
    """A second browser on the same application."""
    return Browser(TestClient(app))
