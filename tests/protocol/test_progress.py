"""Progress and cancel: of what nobody asked for, and of commands that are left in the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import CAPABILITIES, Client, Refused, insertion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CANCELLED = -32800
KEYS = "totals: dict[str, int] = {}\nfor name in totals.keys():\n    print(name)\n"
EXECUTE = "workspace/executeCommand"


@pytest.fixture
def many(folder: Path) -> Path:
    """A workspace that takes a while."""
    for number in range(100):
        (folder / f"m{number}.py").write_text("".join(f"def f{one}(a):\n    return a\n" for one in range(200)) + KEYS)
    return folder


def begin(client: Client, command: str, argument: dict[str, Any]) -> tuple[int, str]:
    """Start a command and wait for its progress; its number and the token."""
    number = client.start_request(
        EXECUTE, {"command": f"backendTeam.server.{command}", "arguments": [argument], "workDoneToken": "t"}
    )
    begun = client.notification("$/progress", lambda params: params["value"]["kind"] == "begin")
    assert begun["value"]["cancellable"] is True
    return number, begun["token"]


def end(client: Client) -> None:
    """Read the progress to its end."""
    while client.notification("$/progress")["value"]["kind"] != "end":
        pass


def cancel(client: Client, token: str, number: int, how: str) -> None:
    client.notify(how, {"token": token} if "Progress" in how else {"id": number})


HOW = pytest.mark.parametrize("how", ["window/workDoneProgress/cancel", "$/cancelRequest"])


def test_the_check_at_the_start_shows_its_progress(folder: Path, start: Callable[..., Client]) -> None:
    for number in range(3):
        (folder / f"m{number}.py").write_text(KEYS)
    client = start()
    begun = client.look("begin")
    assert begun["value"]["title"] == "Checking the workspace"
    assert begun["value"]["cancellable"] is True
    token = begun["token"]
    done = []
    while not done or done[-1]["message"] != "3 of 3 files":
        report = client.look("report")
        assert report["token"] == token
        done.append(report["value"])
    assert [one["percentage"] for one in done] == sorted(one["percentage"] for one in done)
    assert done[-1]["percentage"] == 100
    assert client.look("end")["token"] == token
    for number in range(3):
        assert len(client.diagnostics(client.uri(f"m{number}.py"), None)) == 1


def test_a_client_that_shows_none_gets_none(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "a.py").write_text(KEYS)
    client = start(capabilities=CAPABILITIES | {"window": {}})
    assert len(client.diagnostics(client.uri("a.py"), None)) == 1
    assert client.execute("backendTeam.server.checkWorkspace", {})["files"] == 1
    assert client.looks == []


def test_the_check_at_the_start_is_cancelled(many: Path) -> None:
    client = Client(many)
    try:
        client.initialize()
        token = client.look("begin")["token"]
        client.notify("window/workDoneProgress/cancel", {"token": token})
        assert client.look("end")["token"] == token
        client.ready()
        assert len(client.open("m0.py", KEYS)) == 1
        assert client.execute("backendTeam.server.checkWorkspace", {}, workDoneToken="t")["files"] == 100
        assert client.finish() == 0
        assert b"Traceback" not in client.log, client.log.decode()
    finally:
        client.close()


def test_new_folders_show_progress_too(folder: Path, tmp_path: Path, start: Callable[..., Client]) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.py").write_text(KEYS)
    client = start()
    client.look("end")
    added = {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": added})
    assert client.look("begin")["value"]["title"] == "Checking the workspace"
    assert len(client.diagnostics((other / "a.py").as_uri(), None)) == 1
    client.look("end")


@pytest.mark.parametrize(
    ("command", "title"), [("checkWorkspace", "Checking the workspace"), ("restartAnalysis", "Restarting the analysis")]
)
def test_progress_under_a_token_of_the_server(
    folder: Path, start: Callable[..., Client], command: str, title: str
) -> None:
    (folder / "a.py").write_text(KEYS)
    client = start()
    number = client.start_request(EXECUTE, {"command": f"backendTeam.server.{command}", "arguments": [{}]})
    begun = client.notification("$/progress")
    assert begun["token"].startswith("backend-team-")
    assert begun["value"]["title"] == title
    end(client)
    assert client.answer(number) == {"files": 1, "findings": 1, "cancelled": False}
    client.forgo()


@HOW
def test_fix_file_is_cancelled(start: Callable[..., Client], how: str) -> None:
    client = start()
    client.open("a.py", "".join(KEYS.replace("totals", f"totals{one}") for one in range(300)))
    uri = client.uri("a.py")
    number, token = begin(client, "fixFile", {"uri": uri, "version": 1})
    cancel(client, token, number, how)
    with pytest.raises(Refused) as refused:
        client.answer(number)
    assert refused.value.code == CANCELLED
    end(client)
    assert client.edits == []
    assert len(client.change(uri, insertion(0, 0, "\n"))) == 300, "the document is as it was"


def test_fix_file_shows_progress(start: Callable[..., Client]) -> None:
    client = start()
    client.open("a.py", KEYS)
    number, _ = begin(client, "fixFile", {"uri": client.uri("a.py"), "version": 1})
    end(client)
    assert client.answer(number)["applied"] == 1
    assert client.diagnostics(client.uri("a.py"), 2) == []


@HOW
def test_write_baseline_is_cancelled(many: Path, start: Callable[..., Client], how: str) -> None:
    client = start()
    before = sorted(path.name for path in many.iterdir())
    number, token = begin(client, "writeBaseline", {})
    cancel(client, token, number, how)
    with pytest.raises(Refused) as refused:
        client.answer(number)
    assert refused.value.code == CANCELLED
    end(client)
    assert sorted(path.name for path in many.iterdir()) == before, "nothing is written"
    assert client.execute("backendTeam.server.writeBaseline", {}, workDoneToken="u")["findings"] == 100
    client.forgo()


@HOW
def test_restart_is_cancelled(many: Path, start: Callable[..., Client], how: str) -> None:
    client = start()
    client.open("a.py", KEYS)
    uri = client.uri("a.py")
    number, token = begin(client, "restartAnalysis", {})
    cancel(client, token, number, how)
    result = client.answer(number)
    assert result["cancelled"] is True
    assert result["files"] < 100
    end(client)
    client.ready()
    assert len(client.diagnostics(uri, 1)) == 1, "open documents are judged again all the same"
    assert client.execute("backendTeam.server.fixFile", {"uri": uri, "version": 1})["applied"] == 1
    client.forgo()
