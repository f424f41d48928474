"""A keystroke is answered at once, and no turn of the loop lasts over 50 ms."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import Client, insertion

if TYPE_CHECKING:
    from pathlib import Path

TRIES = 5  # another process may hold the machine for a moment: the best of some tries is what the server does
KEYSTROKE = 0.1  # seconds; the ceiling, not the target: tests/benchmarks/lsp_latency.py prints the figures


def large_module(functions: int = 430) -> str:
    """About 2,600 lines with a finding here and there."""
    lines = ["import os\n\n\n"]
    for number in range(functions):
        wrong = "value == None" if number % 10 == 0 else "value is None"
        lines.append(
            f"def f{number}(value):\n    total = {number}\n    if {wrong}:\n        total += 1\n    return total\n\n"
        )
    return "".join(lines)


@pytest.fixture
def plain(folder: Path) -> Client:
    """A server as it is used, without development mode."""
    client = Client(folder, command=[sys.executable, "-m", "backend_team.lsp"])
    client.initialize()
    client.ready()
    return client


def test_a_keystroke_in_a_large_file(plain: Client) -> None:
    try:
        text = large_module()
        assert len(plain.open("a.py", text)) == 44
        uri, times = plain.uri("a.py"), []
        for number in range(60):
            line = 3 + 6 * (number * 7 % 430) + 1
            for change in (insertion(line, 11, "5"), insertion(line, 11, "", removed=1)):
                begun = time.perf_counter()
                plain.change(uri, change)
                times.append(time.perf_counter() - begun)
        assert plain.texts[uri] == text
        assert statistics.median(times) < KEYSTROKE
        assert plain.finish() == 0
    finally:
        plain.close()


@pytest.mark.usefixtures("no_api_left")
def test_no_turn_of_the_loop_over_50_ms(folder: Path) -> None:
    """Python's development mode logs slower turns; after the start there must be a try without one."""
    for number in range(30):
        (folder / f"m{number}.py").write_text(large_module(100))
    said = b""
    for attempt in range(TRIES):
        client = Client(folder)
        try:
            client.initialize()
            client.ready()
            started = len(client.log)
            uri = client.uri("a.py")
            client.open("a.py", large_module())
            for number in range(30):
                client.change(uri, insertion(3 + 6 * number, 0, "#"))
                client.actions(uri, 3 + 6 * number, 4)
            (folder / "m1.py").write_text(f"x = {attempt}\n")
            assert client.diagnostics(client.uri("m1.py"), None) is not None
            client.execute("backendTeam.server.checkWorkspace", {})
            for view in ("plan", "rules", "files"):
                client.execute("backendTeam.server.listCleanup", {"view": view})
            client.execute("backendTeam.server.listRules", {})
            client.execute("backendTeam.server.listTemplates", {})
            said = client.log[started:]
            client.process.kill()
        finally:
            client.close()
        if b" took " not in said:
            return
        (folder / "m1.py").write_text(large_module(100))
    pytest.fail(said.decode())


@pytest.mark.usefixtures("no_api_left")
def test_ten_thousand_documents(folder: Path) -> None:
    """Opened, changed, and closed at once; in between and afterwards every turn of the loop is short."""
    said = b""
    for _ in range(2):
        client = Client(folder)
        try:
            client.initialize()
            client.ready()
            client.forgo()
            open_many(client, MANY)
            started = len(client.log)
            for number in range(0, MANY, 500):
                change = {
                    "textDocument": {"uri": client.uri(f"m{number}.py"), "version": 2},
                    "contentChanges": [insertion(0, 0, "y = load()\nif y == None: y = 1\n")],
                }
                client.notify("textDocument/didChange", change)
                assert len(client.diagnostics(client.uri(f"m{number}.py"), 2)) == 2
                client.actions(client.uri(f"m{number}.py"), 1, 3)
            status = client.execute("backendTeam.server.showStatus", {})
            assert (status["findings"], status["files"]) == (MANY + MANY // 500, MANY)
            for number in range(MANY):
                document = {"uri": client.uri(f"m{number}.py")}
                client.notify("textDocument/didClose", {"textDocument": document})
                if number % 1_000 == 0:
                    client.execute("backendTeam.server.showStatus", {})
            while client.execute("backendTeam.server.showStatus", {})["findings"]:
                time.sleep(0.1)
            said = client.log[started:]
            client.process.kill()
        finally:
            client.close()
        if b" took " not in said:
            return
    pytest.fail(said.decode())


MANY = 10_000


def open_many(client: Client, count: int) -> None:
    """Open documents as fast as the server takes them; each has a finding."""
    for number in range(count):
        text = f"x = load({number})\nif x == None: x = 1\n"
        document = {"uri": client.uri(f"m{number}.py"), "languageId": "python", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": document})
        if number % 1_000 == 0:
            client.execute("backendTeam.server.showStatus", {})
    assert client.execute("backendTeam.server.showStatus", {})["findings"] == count


def test_the_first_request_to_the_api_loads_nothing_in_the_loop() -> None:
    """What a connection needs was loaded beside the loop, with the client library."""
    done = subprocess.run([sys.executable, "-c", FIRST_REQUEST], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


FIRST_REQUEST = """
import asyncio, sys
from backend_team.errors import ApiError
from backend_team.lsp import hosted_api

async def ask():
    await hosted_api.library()
    from backend_team.client.api import ApiClient
    loaded = set(sys.modules)
    async with ApiClient("http://127.0.0.1:9", "key", lambda: asyncio.sleep(0)) as api:
        try:
            await api._stream(api._endpoint, "/", 0).__anext__()
        except (StopAsyncIteration, ApiError):
            pass
    print(sorted(name for name in sys.modules if name not in loaded))

asyncio.run(ask())
"""


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("no_api_left")
def test_a_switch_of_branches_while_typing(folder: Path) -> None:
    """Each file that it changes is looked at once, nothing is overlooked, and no turn that looks at them is long."""
    for number in range(SWITCHED):
        _module(folder, number).parent.mkdir(exist_ok=True)
        _module(folder, number).write_text(f"import os\nx{number} = 1\n")
    _git(folder, "init", "-q")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "one")
    _git(folder, "checkout", "-qb", "other")
    for number in range(SWITCHED):
        _module(folder, number).write_text(f"import os\nimport re\nx{number} = 1\n")
    _git(folder, "commit", "-qam", "two")
    _git(folder, "checkout", "-q", "-")
    client = Client(folder)
    said = b""
    try:
        client.initialize()
        client.ready()
        client.forgo()
        client.open("a.py", large_module())
        for attempt in range(TRIES):
            found = 1 if attempt % 2 else 2
            client.came()
            started = len(client.log)
            switch = subprocess.Popen(["git", "checkout", "-q", "-"], cwd=folder)
            seen: list[str] = []
            deadline = time.monotonic() + PATIENCE
            while len(set(seen)) < SWITCHED and time.monotonic() < deadline:
                line = 3 + 6 * (len(seen) % 430)
                client.change(client.uri("a.py"), insertion(line, 0, "#"))
                seen += [one["params"]["uri"] for one in client.came() if _tells_of(one, found)]
            assert switch.wait() == 0
            assert len(set(seen)) == SWITCHED
            assert len(seen) == SWITCHED
            said = [line for line in client.log[started:].splitlines() if b" took " in line and LOOKING.search(line)]
            if not said:
                break
        else:
            pytest.fail(b"\n".join(said).decode())
        client.process.kill()
    finally:
        client.close()


SWITCHED = 5_000
PATIENCE = 120.0
LOOKING = re.compile(rb"watching\.py|_check_again|noted")  # that checks and keystrokes are short, the tests above see


def _module(folder: Path, number: int) -> Path:
    return folder / f"p{number % 50}" / f"m{number}.py"


def _git(folder: Path, *arguments: str) -> None:
    person = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *person, *arguments], cwd=folder, check=True, capture_output=True)


def _tells_of(message: dict[str, Any], found: int) -> bool:
    """Whether a message tells of so many findings in a closed file."""
    if message.get("method") != "textDocument/publishDiagnostics" or "version" in message["params"]:
        return False
    return len(message["params"]["diagnostics"]) == found
