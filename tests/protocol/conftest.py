"""Server processes for tests: each must end cleanly, print nothing unasked, and leave no message unread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from backend_team.client import embedded
from tests.protocol.client import Client, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

# Sent when something changed, so how many come depends on the clock.
UNASKED = {"backendTeam/status", "backendTeam/usage"}

# Python's development mode tells of turns of the loop over 50 ms; how many depends on who else uses the machine:
# test_latency.py judges them.
SLOW_TURN = re.compile(rb"WARNING asyncio: Executing .* took [0-9.]+ seconds")

# The embedded API outlives the server that started it.
DETACHED = re.compile(rb"Exception ignored in: <function Popen\.__del__ [^\n]*\n.*?is still running\n", re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty workspace."""
    made = tmp_path / "shop"
    made.mkdir()
    return made


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Client]]:
    """Start a server on the workspace; at the end of the test it is ended and judged."""
    clients: list[Client] = []

    def begin(prepare: Callable[[Client], None] = lambda _: None, **initialize: object) -> Client:
        client = Client(folder)
        clients.append(client)
        prepare(client)
        client.initialize(**initialize)
        client.ready()
        return client

    yield begin
    try:
        for client in clients:
            if client.process.poll() is None:
                assert client.finish() == 0
            client.close()
            left = [one for one in client.left() if one.get("method") not in UNASKED | client.unasked]
            assert not left, f"nobody read: {left}"
            said = [line for line in DETACHED.sub(b"", client.log).splitlines() if not SLOW_TURN.search(line)]
            assert not said, client.log.decode()
    finally:
        for client in clients:
            client.close()


@pytest.fixture(scope="session")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One server for many short tests."""
    state = tmp_path_factory.mktemp("state")
    made = Client(tmp_path_factory.mktemp("shop"), {"BACKEND_TEAM_STATE_DIR": str(state)})
    try:
        made.initialize()
        made.ready()
        yield made
        assert made.finish() == 0
        assert b"Traceback" not in made.log, made.log.decode()
    finally:
        made.close()


@pytest.fixture
def shared(lasting: Client) -> Iterator[Client]:
    """The server of many tests; each reads what is sent to it."""
    yield lasting
    with pytest.raises(Refused):
        lasting.request("test/everything before this was sent")
    left = [one for one in lasting.unread if one.get("method") not in UNASKED]
    lasting.unread.clear()
    for uri in list(lasting.texts):
        lasting.forget(uri)
    assert not left, f"nobody read: {left}"


@pytest.fixture
async def no_api_left(state_folder: Path) -> AsyncIterator[None]:
    """Ends the hosted API that a test started."""
    yield
    await embedded.stop(state_folder)


@pytest.fixture
def client(start: Callable[..., Client]) -> Client:
    """A server on the empty workspace, initialized."""
    return start()
