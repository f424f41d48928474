"""Clients that pull diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.protocol.client import CAPABILITIES, Client, insertion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NONE = "x = load()\nif x == None: x = 1\n"
PULLING = CAPABILITIES | {"textDocument": {"diagnostic": {}}}


def test_a_client_that_only_pulls_gets_the_same_findings(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "closed.py").write_text(NONE)
    client = start(capabilities=PULLING)
    uri = client.uri("a.py")
    client.notify(
        "textDocument/didOpen",
        {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": NONE}},
    )
    place = {"textDocument": {"uri": uri}}
    first = client.request("textDocument/diagnostic", place)
    assert first["kind"] == "full"
    assert [item["code"] for item in first["items"]] == ["comparison-to-none"]
    again = client.request("textDocument/diagnostic", place | {"previousResultId": first["resultId"]})
    assert again == {"kind": "unchanged", "resultId": first["resultId"]}
    change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [insertion(0, 0, "y = 1\n")]}
    client.notify("textDocument/didChange", change)
    moved = client.request("textDocument/diagnostic", place | {"previousResultId": first["resultId"]})
    assert moved["items"][0]["range"]["start"]["line"] == 2
    client.execute("backendTeam.server.checkWorkspace", {})
    while client.notification("$/progress")["value"]["kind"] != "end":
        pass
    closed = client.request("workspace/diagnostic", {"previousResultIds": []})
    (report,) = closed["items"]
    assert report["uri"] == client.uri("closed.py")
    assert [item["code"] for item in report["items"]] == ["comparison-to-none"]
    known = [{"uri": report["uri"], "value": report["resultId"]}]
    (same,) = client.request("workspace/diagnostic", {"previousResultIds": known})["items"]
    assert same["kind"] == "unchanged"


def test_pulling_is_offered_only_to_clients_that_need_it(start: Callable[..., Client]) -> None:
    both = start(capabilities=CAPABILITIES | {"textDocument": CAPABILITIES["textDocument"] | {"diagnostic": {}}})
    assert "diagnosticProvider" not in both.capabilities
    only = start(capabilities=PULLING)
    assert only.capabilities["diagnosticProvider"]["workspaceDiagnostics"] is True
