"""A keyring in memory, a project with the too-complex function, a provider on loopback, and assistants that ask it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import keyring
import keyring.backend
import keyring.errors
import pytest

from tests.assist.loopback import Loopback
from tests.assist.project import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring of one test: the machine's own stays untouched."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError(username)


@pytest.fixture(autouse=True)
def memory_keyring() -> Iterator[MemoryKeyring]:
    """The keyring for the time of a test."""
    before = keyring.get_keyring()
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
async def provider() -> AsyncIterator[Loopback]:
    """A provider on loopback."""
    async with Loopback() as server:
        yield server


@pytest.fixture
async def desk(tmp_path: Path, provider: Loopback) -> AsyncIterator[Desk]:
    """A copy of the sample project and an assistant whose Claude is the loopback provider."""
    root = tmp_path / "project"
    shutil.copytree("tests/editor/sample", root)
    made = Desk(root, tmp_path / "state", provider)
    yield made
    await made.aclose()
