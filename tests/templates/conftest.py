"""What the tests of templates share: the catalogue, valid inputs, and a provider that is closed at the end."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from backend_team.hosted.providers.local import LocalProvider
from backend_team.hosted.providers.supervision import Pace
from backend_team.templates.inputs import validate_inputs
from backend_team.templates.manifest import load_templates
from tests.templates.journal import Bench

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from backend_team.templates.model import JSON, Template

PACE = Pace(healthy_within=20.0, restarts=3, settled=60.0, pause=0.05, poll=0.02, grace=5.0)


class Changes(list[tuple[str, str, dict[str, Any]]]):
    """What a provider reported, as the store would hear it."""

    async def note(self, deployment_id: str, status: str, reference: dict[str, Any]) -> None:
        self.append((deployment_id, status, reference))

    @property
    def statuses(self) -> list[str]:
        return [status for _, status, _ in self]


@pytest.fixture(scope="session")
def saas() -> Template:
    return load_templates()["saas-starter"]


@pytest.fixture
def inputs(saas: Template) -> dict[str, JSON]:
    return validate_inputs(saas, {"app_name": "Blue Lamp", "admin_email": "anna@example.com"})


@pytest.fixture
def changes() -> Changes:
    return Changes()


@pytest.fixture
async def provider(tmp_path: Path, changes: Changes) -> AsyncIterator[LocalProvider]:
    """A provider in a folder of its own; no process of its deployments outlives the test."""
    made = LocalProvider(tmp_path / "deployments", changes.note, PACE)
    yield made
    await made.close(stop=True)
    assert processes_in(tmp_path) == []


@pytest.fixture
def bench(saas: Template, inputs: dict[str, JSON], tmp_path: Path, provider: LocalProvider) -> Bench:
    return Bench(saas, inputs, tmp_path / "execution", provider, tmp_path / "wanted")


def processes_in(folder: Path) -> list[int]:
    """The processes that work in a folder or below, those that have ended left out."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdecimal():
            try:
                place = os.readlink(f"/proc/{name}/cwd")
            except OSError:
                continue
            if place.removesuffix(" (deleted)").startswith(str(folder)):
                found.append(int(name))
    return found


async def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until a condition holds, looking often; fail when it does not in time."""
    import asyncio

    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)
