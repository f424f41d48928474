from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from backend_team.client.embedded import Running, connect, status

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from backend_team.client.api import ApiClient

PROCESS = Path(__file__).with_name("process.py")


@dataclass
class Machine:
    """A state folder with the embedded API for tests on it, started on demand; ended with the test."""

    state: Path
    plan: str = "enterprise"
    arguments: tuple[str, ...] = ()
    clients: list[ApiClient] = field(default_factory=list)

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, str(PROCESS), "--embedded", "--plan", self.plan, *self.arguments)

    @property
    def folder(self) -> Path:
        return self.state / "api"

    async def connect(self) -> ApiClient:
        client = await connect(self.state, command=self.command)
        self.clients.append(client)
        return client

    async def running(self) -> Running:
        found = await status(self.state)
        assert found is not None
        return found

    async def kill(self) -> int:
        """kill -9 the API and wait until it is gone."""
        pid = (await self.running()).pid
        os.kill(pid, signal.SIGKILL)
        await until(lambda: not alive(pid))
        return pid

    async def work(self, name: str = "work") -> Path:
        folder = self.state / name
        folder.mkdir(exist_ok=True)
        return folder

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the store holds."""
        connection = sqlite3.connect(self.folder / "store.sqlite")
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    async def close(self) -> None:
        for client in self.clients:
            await client.aclose()
        if await status(self.state):
            await self.kill()


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits for its parent to look does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


async def until(condition: Callable[[], Any], seconds: float = 30) -> Any:
    """Wait until something holds, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come to hold"
        await asyncio.sleep(0.02)
    return found


def runs(folder: Path, what: str = "run") -> list[str]:
    """The ids of the steps that ran, in order."""
    file = folder / "runs"
    lines = file.read_text().splitlines() if file.exists() else []
    return [line.split()[1] for line in lines if line.split()[0] == what]


async def finished(client: ApiClient, execution_id: str) -> dict[str, Any]:
    """The execution after its end."""
    async for event in client.follow(execution_id):
        if event.kind == "end":
            return event.data
    raise AssertionError("the stream ended without an end")


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    """An own machine: for what kills, stops or inspects the process."""
    made = Machine(tmp_path / "Ünusual folder #1?mode=%20'x'")
    made.state.mkdir()
    yield made
    await made.close()


@pytest.fixture(scope="session")
def shared_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    made = Machine(tmp_path_factory.mktemp("shared"))
    asyncio.run(made.connect())
    made.clients.clear()
    yield made
    asyncio.run(made.close())


@pytest.fixture
async def api(shared_machine: Machine) -> AsyncIterator[ApiClient]:
    """A client of an API that all tests of the session share."""
    async with await connect(shared_machine.state, command=shared_machine.command) as client:
        yield client


@pytest.fixture
async def http(api: ApiClient) -> AsyncIterator[httpx.AsyncClient]:
    """Plain HTTP to the shared API, without a key."""
    # backend-team: ignore[unverified-certificate] plain HTTP to this machine
    async with httpx.AsyncClient(base_url=api.url, timeout=20, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def owner(shared_machine: Machine) -> dict[str, str]:
    """The header of the machine's owner."""
    return {"X-API-Key": (shared_machine.folder / "key").read_text().strip()}


@pytest.fixture
async def key(http: httpx.AsyncClient, owner: dict[str, str], tmp_path: Path) -> str:
    """The key of a new account on the plan free."""
    body = {"email": f"{tmp_path.name}@example.org", "password": "correct horse"}
    answer = await http.post("/v1/auth/register", json=body, headers=owner)
    assert answer.status_code == 201
    return str(answer.json()["api_key"])
