"""Clients that pull diagnostics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.protocol.client import CAPABILITIES, Client, Refused, insertion

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


def test_an_open_file_is_no_closed_one(folder: Path, start: Callable[..., Client]) -> None:
    """What was found in the file is not told of it while it is open; nor is it new again when it is closed."""
    (folder / "a.py").write_text(NONE)
    client = start(capabilities=PULLING)
    uri = client.uri("a.py")
    (report,) = client.request("workspace/diagnostic", {"previousResultIds": []})["items"]
    assert len(report["items"]) == 1
    client.notify(
        "textDocument/didOpen",
        {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": "x = 1\n"}},
    )
    assert client.request("workspace/diagnostic", {"previousResultIds": []})["items"] == []
    known = [{"uri": uri, "value": report["resultId"]}]
    (cleared,) = client.request("workspace/diagnostic", {"previousResultIds": known})["items"]
    assert (cleared["kind"], cleared["items"]) == ("full", [])
    assert client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"] == []
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    client.execute("backendTeam.server.checkWorkspace", {})
    client.forgo()
    (again,) = client.request("workspace/diagnostic", {"previousResultIds": []})["items"]
    assert len(again["items"]) == 1


def test_another_text_of_the_same_version_is_another_result(start: Callable[..., Client]) -> None:
    client = start(capabilities=PULLING)
    place = {"textDocument": {"uri": client.uri("a.py")}}
    results = []
    for text in (NONE, "x = 1\n"):
        document = {**place["textDocument"], "languageId": "python", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": document})
        known = {"previousResultId": results[0]["resultId"]} if results else {}
        results.append(client.request("textDocument/diagnostic", place | known))
        client.notify("textDocument/didClose", place)
    assert [(one["kind"], len(one["items"])) for one in results] == [("full", 1), ("full", 0)]


def test_every_baseline_makes_another_result(folder: Path, start: Callable[..., Client]) -> None:
    """The text and its version stay, what is known of it changes, again and again."""
    (folder / "pyproject.toml").write_text('[tool.backend-team]\nbaseline = "known.txt"\n')
    (folder / "known.txt").write_text("# backend-team baseline 1\n")
    (folder / "a.py").write_text(NONE)
    client = start(capabilities=PULLING)
    place = {"textDocument": {"uri": client.uri("a.py")}}
    document = {**place["textDocument"], "languageId": "python", "version": 1, "text": NONE}
    client.notify("textDocument/didOpen", {"textDocument": document})
    seen = {}
    for _ in range(3):
        for wanted, text in ((1, "# backend-team baseline 1\n"), (0, None)):
            if text is None:
                client.execute("backendTeam.server.writeBaseline", {}, workDoneToken="t")
            else:
                (folder / "known.txt").write_text(text)
            report = client.request("textDocument/diagnostic", place)
            while len(report["items"]) != wanted:
                report = client.request("textDocument/diagnostic", place)
            assert seen.setdefault(report["resultId"], wanted) == wanted
    client.forgo()
    assert len(seen) >= 4


def test_a_large_document_is_answered_for_when_it_has_been_analysed(start: Callable[..., Client]) -> None:
    client = start(capabilities=PULLING)
    uri = client.uri("a.py")
    text = "".join(f"def f{number}(x):\n    return x == None\n\n\n" for number in range(2_000))
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    place = {"textDocument": {"uri": uri}}
    first = client.start_request("textDocument/diagnostic", place)
    client.notify("$/cancelRequest", {"id": first})
    second = client.start_request("textDocument/diagnostic", place)
    change = {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [insertion(0, 0, "x = None == y\n")]}
    client.notify("textDocument/didChange", change)
    with pytest.raises(Refused, match="cancelled"):
        client.answer(first)
    assert len(client.answer(second)["items"]) == 2_001
    client.notify("textDocument/didClose", place)
    assert client.request("textDocument/diagnostic", place)["items"] == []
