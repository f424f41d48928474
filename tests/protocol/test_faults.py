"""Faults: what is cancelled is answered once, what fails inside is said once, and a stray print damages nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import CAPABILITIES, Client, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NONE = "x = load()\nif x == None: x = 1\n"
KEYS = "totals: dict[str, int] = {}\nfor name in totals.keys():\n    print(name)\n"
PULLING = CAPABILITIES | {"textDocument": {"diagnostic": {}}}
RULE = "id: mine\ntitle: Mine\n"
CANCELLED = -32800
SERVER = "backendTeam.server."


def _place(client: Client, line: int, character: int) -> dict[str, Any]:
    return {
        "textDocument": {"uri": client.uri("a.py")},
        "position": {"line": line, "character": character},
        "range": {"start": {"line": line, "character": character}, "end": {"line": line, "character": character}},
        "context": {"diagnostics": [], "triggerKind": 1},
        "previousResultIds": [],
    }


def cancelled(client: Client, method: str, params: Any) -> int | None:
    """The code of the one answer to a request that is cancelled at once; None when it was done."""
    number = client.start_cancelled(method, params)
    try:
        client.answer(number)
        code = None
    except Refused as refused:
        code = refused.code
    client.notify("$/cancelRequest", {"id": number})  # too late, and no matter
    with pytest.raises(Refused):
        client.request("test/everything before this was sent")
    assert not [one for one in client.unread if "method" not in one], "it was answered twice"
    return code


@pytest.mark.parametrize(
    "method",
    [
        "textDocument/completion",
        "textDocument/codeAction",
        "textDocument/diagnostic",
        "workspace/diagnostic",
    ],
)
def test_what_is_answered_from_memory_is_done_before_it_can_be_cancelled(shared: Client, method: str) -> None:
    shared.open("a.py", NONE)
    assert cancelled(shared, method, _place(shared, 1, 3)) is None
    assert len(shared.actions(shared.uri("a.py"), 1, 3)) > 1


def test_a_cancelled_hover(client: Client) -> None:
    client.open("a.py", NONE)
    assert cancelled(client, "textDocument/hover", _place(client, 1, 3)) == CANCELLED
    assert client.request("textDocument/hover", _place(client, 1, 3))["contents"]


def test_a_cancelled_fix(client: Client) -> None:
    client.open("a.py", NONE)
    (fix, *_) = client.actions(client.uri("a.py"), 1, 3)
    assert cancelled(client, "codeAction/resolve", fix) == CANCELLED
    assert client.request("codeAction/resolve", fix)["edit"]


@pytest.mark.parametrize("command", ["checkWorkspace", "fixWorkspace", "writeBaseline", "restartAnalysis"])
def test_a_cancelled_command_of_the_workspace(folder: Path, start: Callable[..., Client], command: str) -> None:
    for number in range(30):
        (folder / f"m{number}.py").write_text(KEYS * 10)
    client = start()
    client.forgo()
    execute = {"command": SERVER + command, "arguments": [{}], "workDoneToken": "t"}
    code = cancelled(client, "workspace/executeCommand", execute)
    assert code == CANCELLED
    assert client.edits == []
    assert not (folder / ".backend-team").exists()
    assert client.execute(SERVER + "checkWorkspace", {})["files"] == 30
    assert client.execute(SERVER + "showStatus", {})["state"] == "ready"


@pytest.mark.parametrize("command", ["checkWorkspace", "fixWorkspace", "writeBaseline", "restartAnalysis"])
def test_a_command_that_is_cancelled_in_the_middle(folder: Path, start: Callable[..., Client], command: str) -> None:
    client = start()
    client.forgo()
    for number in range(30):
        (folder / f"m{number}.py").write_text(KEYS * 10)
    execute = {"command": SERVER + command, "arguments": [{}], "workDoneToken": "t"}
    number = client.start_request("workspace/executeCommand", execute)
    client.notification("$/progress", lambda told: told["value"]["kind"] == "report")
    client.notify("$/cancelRequest", {"id": number})
    if command in {"checkWorkspace", "restartAnalysis"}:
        assert client.answer(number)["cancelled"] is True  # it keeps what it has found
    else:
        with pytest.raises(Refused) as refused:
            client.answer(number)
        assert refused.value.code == CANCELLED
    client.notification("$/progress", lambda told: told["value"]["kind"] == "end")
    assert client.execute(SERVER + "checkWorkspace", {})["files"] == 30
    assert client.edits == []


@pytest.mark.usefixtures("no_api_left")
@pytest.mark.parametrize(
    ("command", "argument"),
    [
        ("listTemplates", {}),
        ("planTemplate", {"template": "crud-api", "configuration": {}}),
        ("runTemplate", {"template": "crud-api", "configuration": {}}),
        ("listDeployments", {}),
        ("removeDeployment", {"id": "unknown"}),
        ("showUsage", {}),
        ("showRule", {"rule": "comparison-to-none"}),
        ("listCleanup", {"view": "plan"}),
        ("listRules", {}),
        ("prepareSuggestion", {"line": 0, "character": 0}),
        ("suggestRefactoring", {"line": 0, "character": 0}),
        ("acceptSuggestion", {"id": "unknown"}),
        ("fixFile", {}),
        ("applyAction", {"what": "fixAll"}),
    ],
)
def test_every_other_command_is_cancelled(client: Client, command: str, argument: dict[str, Any]) -> None:
    client.open("a.py", "def f(a):\n    return a\n")
    document = {"uri": client.uri("a.py"), "version": 1}
    execute = {"command": SERVER + command, "arguments": [{**document, **argument}], "workDoneToken": "t"}
    assert cancelled(client, "workspace/executeCommand", execute) == CANCELLED
    client.forgo()
    assert client.execute(SERVER + "showStatus", {})["findings"] == 0
    assert client.edits == []


# A server with handlers of its own: what they do wrong, no workspace can make ours do.
_WITH_HANDLERS = """
import os, sys
from functools import partial
from backend_team.lsp import server

async def failing_later(session, params):
    raise ZeroDivisionError("secret = 'of the user'")

def failing(session, params):
    raise ZeroDivisionError("secret = 'of the user'")

def printing(session, params):
    print("stray")
    sys.stdout.flush()
    os.write(1, b"stray\\n")
    sys.__stdout__.write("stray\\n")
    sys.__stdout__.flush()
    os.system("echo stray")

async def printing_in_workers(session, params):
    for run in (session.workers.soon, session.workers.idle):
        await run(partial(print, "stray", flush=True))  # otherwise it may end in the buffer of a process that is ended
        await run(os.write, 1, b"stray\\n")
        await run(os.system, "echo stray")

handlers = (failing, failing_later, printing, printing_in_workers)
server.FEATURES.update({f"test/{each.__name__}": (each, None) for each in handlers})
if __name__ == "__main__":
    sys.exit(server.main())
"""


@pytest.fixture
def odd(folder: Path, tmp_path: Path) -> Client:
    """A server with handlers that misbehave."""
    program = tmp_path / "odd.py"
    program.write_text(_WITH_HANDLERS)
    client = Client(folder, command=[sys.executable, "-X", "dev", "-W", "error", str(program)])
    client.initialize()
    client.ready()
    return client


@pytest.mark.parametrize("method", ["test/failing", "test/failing_later"])
def test_an_error_inside_a_request_is_one_answer_and_one_line(odd: Client, method: str) -> None:
    try:
        with pytest.raises(Refused) as refused:
            odd.request(method)
        assert refused.value.code == -32603
        assert str(refused.value) == f"{method} failed inside the server (ZeroDivisionError); its log says where"
        assert len(odd.open("a.py", NONE)) == 1
        assert odd.finish() == 0
        assert odd.log.count(b" ERROR ") == odd.log.count(b"Traceback") == 1, odd.log.decode()
        assert "window/showMessage" not in [one.get("method") for one in odd.left()]
    finally:
        odd.close()


@pytest.mark.parametrize("method", ["test/failing", "test/failing_later"])
def test_an_error_inside_a_notification_is_one_message_and_one_line(odd: Client, method: str) -> None:
    try:
        odd.notify(method)
        said = odd.notification("window/showMessage")
        assert said["type"] == 1
        assert said["message"].startswith(f"{method} failed inside the AI Backend Team server (ZeroDivisionError)")
        assert "secret" not in said["message"]
        assert len(odd.open("a.py", NONE)) == 1
        assert odd.finish() == 0
        assert odd.log.count(b" ERROR ") == odd.log.count(b"Traceback") == 1, odd.log.decode()
        assert "window/showMessage" not in [one.get("method") for one in odd.left()]
    finally:
        odd.close()


@pytest.mark.parametrize(("method", "prints"), [("test/printing", 4), ("test/printing_in_workers", 6)])
def test_a_stray_print_lands_in_the_log(odd: Client, method: str, prints: int) -> None:
    try:
        odd.request(method)
        assert len(odd.open("a.py", NONE)) == 1
        (fix, *_) = odd.actions(odd.uri("a.py"), 1, 3)
        assert odd.request("codeAction/resolve", fix)["edit"]
        assert odd.finish() == 0
        assert odd.log.count(b"stray") == prints, odd.log.decode()
    finally:
        odd.close()
