"""Clients that never answer what the server asks them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import CAPABILITIES, Client, Refused, insertion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NONE = "x = load()\nif x == None: x = 1\n"
KEYS = "totals: dict[str, int] = {}\nfor name in totals.keys():\n    print(name)\n"
CREATE = "window/workDoneProgress/create"
REFRESH = "workspace/diagnostic/refresh"
APPLY = "workspace/applyEdit"
FIX_WORKSPACE = "backendTeam.server.fixWorkspace"
FIX_FILE = "backendTeam.server.fixFile"
PULLING = CAPABILITIES | {"textDocument": {"diagnostic": {}}}
REFRESHED = PULLING | {"workspace": {"diagnostics": {"refreshSupport": True}}}


def silent(folder: Path, *methods: str, **initialize: Any) -> Client:
    client = Client(folder)
    client.silent.update(methods)
    client.initialize(**initialize)
    client.ready()
    return client


def test_work_goes_on_without_progress_that_nobody_agrees_to(folder: Path) -> None:
    (folder / "a.py").write_text(KEYS)
    client = silent(folder, CREATE)
    try:
        client.forgo()
        assert client.execute(FIX_WORKSPACE, {})["applied"] == 1
        begun = time.monotonic()
        assert client.execute(FIX_WORKSPACE, {})["applied"] == 0
        assert time.monotonic() - begun < 5, "it was asked a second time"
        assert client.asked.count(CREATE) == 1
        assert client.log.count(b"did not answer") == 1
        assert client.finish() == 0
        assert "$/progress" not in {one.get("method") for one in client.left()}
    finally:
        client.close()


def test_refreshes_don_t_pile_up(folder: Path) -> None:
    client = silent(folder, REFRESH, capabilities=REFRESHED)
    try:
        uri = client.uri("a.py")
        document = {"uri": uri, "languageId": "python", "version": 1, "text": NONE}
        client.notify("textDocument/didOpen", {"textDocument": document})
        for version in range(2, 12):  # a pause after each: longer than the server waits for more
            change = {"textDocument": {"uri": uri, "version": version}, "contentChanges": [insertion(0, 0, "#")]}
            client.notify("textDocument/didChange", change)
            found = client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
            assert found["kind"] == "full"
            time.sleep(0.3)
        assert client.asked.count(REFRESH) == 1
        assert client.finish() == 0
    finally:
        client.close()


def test_what_comes_while_a_refresh_is_answered_is_asked_for_again(folder: Path, start: Callable[..., Client]) -> None:
    client = start(capabilities=REFRESHED)
    path = folder / "a.py"
    found: list[Any] = []
    for text in (NONE, NONE + NONE, "x = 1\n"):
        path.write_text(text)
        wanted = text.count("None")
        deadline = time.monotonic() + 20
        while True:
            (report,) = client.request("workspace/diagnostic", {"previousResultIds": []})["items"] or [{"items": []}]
            found = report["items"]
            if len(found) == wanted or time.monotonic() > deadline:
                break
        assert len(found) == wanted
    client.request("workspace/diagnostic", {"previousResultIds": []})
    deadline = time.monotonic() + 20
    while client.asked.count(REFRESH) < 3 and time.monotonic() < deadline:
        client.request("workspace/diagnostic", {"previousResultIds": []})
    assert client.asked.count(REFRESH) >= 3


def test_edits_wait_for_a_person_but_don_t_pile_up(folder: Path) -> None:
    client = silent(folder, APPLY)
    try:
        client.open("a.py", KEYS)
        params = {"uri": client.uri("a.py"), "version": 1}
        execute = {"command": FIX_FILE, "arguments": [params]}
        waiting = [client.start_request("workspace/executeCommand", execute) for _ in range(5)]
        with pytest.raises(Refused, match="has not answered 4 requests of workspace/applyEdit"):
            client.answer(waiting.pop())
        for number in waiting:
            client.notify("$/cancelRequest", {"id": number})
            with pytest.raises(Refused) as refused:
                client.answer(number)
            assert refused.value.code == -32800
        client.silent.clear()
        assert client.execute(FIX_FILE, params)["applied"] == 1
        assert client.diagnostics(client.uri("a.py"), 2) == []
        assert client.finish() == 0
        assert client.asked.count(APPLY) == 5
    finally:
        client.close()
