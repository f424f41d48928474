"""What is published: on open, on each change, for closed files; never cleared by a half-typed line."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import CAPABILITIES, Client, insertion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NONE = "x = load()\nif x == None:\n    pass\n"


def codes(items: list[dict[str, Any]]) -> list[str]:
    return sorted(str(item["code"]) for item in items)


def test_open_publishes_with_version(shared: Client) -> None:
    (item,) = shared.open("a.py", NONE)
    assert item["code"] == "comparison-to-none"
    assert item["source"] == "backend-team"
    assert item["severity"] == 2
    assert item["range"] == {"start": {"line": 1, "character": 3}, "end": {"line": 1, "character": 12}}
    assert item["data"]["rule"] == "comparison-to-none"


def test_change_moves_and_ends_findings(shared: Client) -> None:
    shared.open("a.py", NONE)
    uri = shared.uri("a.py")
    (moved,) = shared.change(uri, insertion(0, 0, "import os; print(os)\n"))
    assert moved["range"]["start"]["line"] == 2
    assert shared.change(uri, insertion(2, 5, "is", removed=2)) == []
    assert shared.texts[uri] == "import os; print(os)\nx = load()\nif x is None:\n    pass\n"


def test_half_typed_line_keeps_findings(shared: Client) -> None:
    shared.open("a.py", NONE)
    items = shared.change(shared.uri("a.py"), insertion(3, 0, "def broken(:\n"))
    assert codes(items) == ["comparison-to-none", "syntax-error"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-32"])
def test_astral_characters_count_in_the_negotiated_encoding(start: Callable[..., Client], encoding: str) -> None:
    capabilities = CAPABILITIES | {"general": {"positionEncodings": [encoding]}}
    client = start(capabilities=capabilities)
    assert client.encoding == encoding
    units = {"utf-16": 2, "utf-8": 4, "utf-32": 1}[encoding]
    (item,) = client.open("a.py", "x = y['😀'] == None\n")
    assert item["range"]["start"]["character"] == 4
    assert item["range"]["end"]["character"] == 4 + 5 + units + len(" == None")
    uri = client.uri("a.py")
    (item,) = client.change(uri, insertion(0, 7 + units, "é𝒳"))
    assert client.texts[uri] == "x = y['😀é𝒳'] == None\n"
    more = {"utf-16": 3, "utf-8": 6, "utf-32": 2}[encoding]
    assert item["range"]["end"]["character"] == 4 + 5 + units + more + len(" == None")


def test_utf16_is_taken_when_it_is_offered(start: Callable[..., Client]) -> None:
    client = start(capabilities={"general": {"positionEncodings": ["utf-8", "utf-16"]}})
    assert client.encoding == "utf-16"


@pytest.mark.parametrize(
    "changes",
    [
        [insertion(1, 0, "y = 1\n"), insertion(0, 0, "z = 2\n")],  # several cursors, last first
        [insertion(0, 0, "z = 2\n"), insertion(2, 0, "y = 1\n")],  # each for the text the one before left
        [insertion(1, 0, "y"), insertion(1, 1, " = 3\n")],
        [{"text": "w = 3\n" + NONE}],
        [{"text": ""}, insertion(0, 0, NONE)],
        [insertion(0, 0, "a\r"), insertion(0, 0, "b = 1\r\n"), insertion(1, 0, "", removed=1)],
        [],
    ],
)
def test_changes_that_follow_each_other(shared: Client, changes: list[dict[str, Any]]) -> None:
    shared.open("a.py", NONE)
    uri = shared.uri("a.py")
    items = shared.change(uri, *changes)
    assert items == shared.open("b.py", shared.texts[uri])


def test_positions_outside_the_text_are_clamped(shared: Client) -> None:
    shared.open("a.py", NONE)
    uri = shared.uri("a.py")
    far = {"start": {"line": 90, "character": 7}, "end": {"line": 99, "character": 9}}
    shared.texts[uri] += "y = 1\n"
    shared._changed(uri, [{"range": far, "text": "y = 1\n"}])
    assert codes(shared.diagnostics(uri, 2)) == ["comparison-to-none"]


def test_version_that_goes_backwards_is_obeyed_and_logged(client: Client) -> None:
    client.open("a.py", NONE)
    uri = client.uri("a.py")
    client.versions[uri] = -5
    assert codes(client.change(uri, insertion(0, 0, "\n"))) == ["comparison-to-none"]
    assert client.finish() == 0
    assert b"version -4" in client.log
    client.log = b""


def test_a_large_document_is_analysed_too(client: Client) -> None:
    text = NONE + "".join(f"def f{n}(a):\n    return [a, {n}]\n\n\n" for n in range(2500))
    uri = client.uri("a.py")
    client.texts[uri], client.versions[uri] = text, 1
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    for _version in range(2, 12):  # typed while the first analysis runs
        client.texts[uri] = "\n" + client.texts[uri]
        client._changed(uri, [insertion(0, 0, "\n")])
    (item,) = client.diagnostics(uri, 11)
    assert item["range"]["start"]["line"] == 11
    client.unread = [one for one in client.unread if one.get("method") != "textDocument/publishDiagnostics"]


def test_closed_files_are_checked_after_the_start(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "a.py").write_text(NONE)
    (folder / "clean.py").write_text("x = 1\n")
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "no.py").write_text(NONE)
    client = start()
    assert codes(client.diagnostics(client.uri("a.py"), None)) == ["comparison-to-none"]


def test_closing_shows_what_is_on_disk(folder: Path, client: Client) -> None:
    (folder / "a.py").write_text(NONE + NONE)
    assert len(client.diagnostics(client.uri("a.py"), None)) == 2
    client.open("a.py", NONE)
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("a.py")}})
    assert len(client.diagnostics(client.uri("a.py"), None)) == 2


def test_closing_an_unsaved_document_clears_it(shared: Client) -> None:
    shared.open("untitled:Untitled-1", NONE)
    shared.notify("textDocument/didClose", {"textDocument": {"uri": "untitled:Untitled-1"}})
    assert shared.diagnostics("untitled:Untitled-1", None) == []
    del shared.texts["untitled:Untitled-1"]


def test_changes_outside_the_editor_are_seen(folder: Path, client: Client) -> None:
    uri = client.uri("a.py")
    (folder / "a.py").write_text(NONE)
    assert codes(client.diagnostics(uri, None)) == ["comparison-to-none"]
    (folder / "a.py").write_text("x = load()\nif x is None:\n    x = 1\n")
    assert client.diagnostics(uri, None) == []
    (folder / "a.py").write_text(NONE)
    assert codes(client.diagnostics(uri, None)) == ["comparison-to-none"]
    (folder / "a.py").unlink()
    assert client.diagnostics(uri, None) == []


def test_a_folder_that_comes_and_goes(folder: Path, client: Client) -> None:
    away = folder.parent / "away"
    away.mkdir()
    (away / "b.py").write_text(NONE)
    uri = (folder / "in" / "b.py").as_uri()
    away.rename(folder / "in")
    assert codes(client.diagnostics(uri, None)) == ["comparison-to-none"]
    shutil.rmtree(folder / "in")
    assert client.diagnostics(uri, None) == []


def test_watched_files_of_the_client_count_too(folder: Path, client: Client) -> None:
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": client.uri("gone.py"), "type": 3}]})
    (folder / "a.py").write_text(NONE)
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": client.uri("a.py"), "type": 1}]})
    assert codes(client.diagnostics(client.uri("a.py"), None)) == ["comparison-to-none"]


def test_settings_that_change_are_obeyed(folder: Path, client: Client) -> None:
    assert codes(client.open("a.py", NONE)) == ["comparison-to-none"]
    uri = client.uri("a.py")
    (folder / "backend-team.toml").write_text('ignore = ["comparison-to-none"]\n')
    assert client.diagnostics(uri, 1) == []
    (folder / "backend-team.toml").write_text('severity = { comparison-to-none = "error" }\n')
    (item,) = client.diagnostics(uri, 1)
    assert item["severity"] == 1
    (folder / "backend-team.toml").write_text('ignroe = ["comparison-to-none"]\n')
    shown = client.notification("window/showMessage")
    assert 'did you mean "ignore"?' in shown["message"]
    assert codes(client.diagnostics(client.uri("backend-team.toml"), None)) == ["invalid-settings"]
    assert client.finish() == 0
    client.log = b""


def test_each_file_is_judged_by_its_own_settings(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "pyproject.toml").write_text('[tool.backend-team.per-path."old/**"]\nignore = ["comparison-to-none"]\n')
    for name in ("old", "part"):
        (folder / name).mkdir()
    (folder / "part" / "backend-team.toml").write_text('severity = { comparison-to-none = "error" }\n')
    (folder / "part" / "closed.py").write_text(NONE)
    client = start()
    assert client.diagnostics(client.uri("part/closed.py"), None)[0]["severity"] == 1
    assert client.open("old/a.py", NONE) == []
    (item,) = client.open("part/a.py", NONE)
    assert item["severity"] == 1
    (item,) = client.open("a.py", NONE)
    assert item["severity"] == 2
    (folder / "part" / "backend-team.toml").write_text('ignore = ["comparison-to-none"]\n')
    assert client.diagnostics(client.uri("part/a.py"), 1) == []
    assert client.diagnostics(client.uri("part/closed.py"), None) == []


def test_broken_settings_of_a_part_leave_the_others_checked(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "part").mkdir()
    (folder / "part" / "backend-team.toml").write_text("ignore = 1\n")
    for name in ("closed.py", "part/closed.py"):
        (folder / name).write_text(NONE)
    client = start()
    assert codes(client.diagnostics(client.uri("closed.py"), None)) == ["comparison-to-none"]
    assert codes(client.diagnostics(client.uri("part/closed.py"), None)) == ["comparison-to-none"]
    assert client.diagnostics(client.uri("part/backend-team.toml"), None)
    assert client.finish() == 0
    client.log = b""


def test_a_rule_that_settings_name_wrongly_is_said(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "backend-team.toml").write_text('ignore = ["comparison-to-nome"]\n')
    client = start()
    shown = client.notification("window/showMessage")
    assert 'did you mean "comparison-to-none"?' in shown["message"]
    assert codes(client.diagnostics(client.uri("backend-team.toml"), None)) == ["invalid-settings"]
    assert client.finish() == 0
    client.log = b""


def test_rules_of_the_workspace_are_loaded_as_they_are_saved(folder: Path, client: Client) -> None:
    assert codes(client.open("a.py", "print(1)\n")) == []
    rules = folder / ".backend-team" / "rules" / "ours"
    rules.mkdir(parents=True)
    (rules / "no-print.yaml").write_text(
        "id: no-print\ntitle: Log instead\nwhy: Prints are lost.\nseverity: warning\npattern: print($$ARGUMENTS)\n"
        "examples:\n  - before: print(1)\n"
    )
    assert codes(client.diagnostics(client.uri("a.py"), 1)) == ["no-print"]


def test_a_broken_rule_leaves_the_others_at_work(folder: Path, client: Client) -> None:
    (folder / "a.py").write_text(NONE)
    assert codes(client.diagnostics(client.uri("a.py"), None)) == ["comparison-to-none"]
    rules = folder / ".backend-team" / "rules"
    rules.mkdir(parents=True)
    (rules / "broken.yaml").write_text("id: [")
    assert "broken.yaml" in client.notification("window/showMessage")["message"]
    assert codes(client.diagnostics(client.uri(".backend-team/rules/broken.yaml"), None)) == ["invalid-rule"]
    assert client.execute("backendTeam.server.showStatus", {})["findings"] == 2  # nothing was cleared
    client.open("b.py", "totals: dict[str, int] = {}\nfor name in totals.keys():\n    print(name)\n")
    (found,) = [one for one in client.actions(client.uri("b.py"), 1, 14) if one.get("isPreferred")]
    assert client.request("codeAction/resolve", found)["edit"]
    assert client.finish() == 0
    client.log = b""


def test_what_is_ignored_from_now_on_is_cleared(folder: Path, client: Client) -> None:
    for name, ignoring in (("a.py", (".gitignore", "a.py\n")), ("b.py", ("backend-team.toml", 'exclude = ["b.py"]\n'))):
        (folder / name).write_text(NONE)
        assert codes(client.diagnostics(client.uri(name), None)) == ["comparison-to-none"]
        (folder / ignoring[0]).write_text(ignoring[1])
        assert client.diagnostics(client.uri(name), None) == []
    (folder / ".gitignore").unlink()
    assert codes(client.diagnostics(client.uri("a.py"), None)) == ["comparison-to-none"]


def test_a_file_is_one_however_its_uri_is_written(folder: Path, client: Client) -> None:
    (folder / "a+b.py").write_text(NONE)
    ours, theirs = client.uri("a%2Bb.py").replace("%25", "%"), client.uri("a+b.py").replace("%2B", "+")
    assert codes(client.diagnostics(ours, None)) == ["comparison-to-none"]
    assert client.open(theirs, "x = 1\n") == []
    assert client.diagnostics(ours, None) == []
    assert client.change(theirs, {"text": NONE + NONE})
    (folder / "a+b.py").write_text(NONE + NONE + NONE)
    client.notify("textDocument/didClose", {"textDocument": {"uri": theirs}})
    assert len(client.diagnostics(theirs, None)) == 3
    (folder / "a+b.py").unlink()
    assert client.diagnostics(theirs, None) == []


def test_something_that_writes_without_a_pause_hides_no_change(folder: Path, client: Client) -> None:
    seen = threading.Event()

    def write() -> None:
        with (folder / "server.log").open("w") as file:
            while not seen.wait(0.05):
                print("served", file=file, flush=True)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        (folder / "a.py").write_text(NONE)
        assert codes(client.diagnostics(client.uri("a.py"), None)) == ["comparison-to-none"]
    finally:
        seen.set()
        writer.join()


def test_open_and_closed_files_count_alike(folder: Path, client: Client) -> None:
    text = NONE + "def broken(:\n"
    (folder / "a.py").write_text(text)
    uri = client.uri("a.py")
    assert len(client.diagnostics(uri, None)) == 2
    client.notification("backendTeam/status", lambda status: status["findings"] == 2)
    client.open("a.py", text)
    client.open("b.py", NONE)
    client.notification("backendTeam/status", lambda status: (status["findings"], status["files"]) == (3, 2))


def test_folders_that_are_added_and_removed(folder: Path, client: Client) -> None:
    other = folder.parent / "other"
    other.mkdir()
    (other / "b.py").write_text(NONE)
    item = {"uri": other.as_uri(), "name": "other"}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [item], "removed": []}})
    uri = (other / "b.py").as_uri()
    assert codes(client.diagnostics(uri, None)) == ["comparison-to-none"]
    client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [item]}})
    assert client.diagnostics(uri, None) == []


def test_what_is_shown_already_is_not_sent_again(folder: Path, start: Callable[..., Client]) -> None:
    """A look at the whole workspace tells of what is other by now; Restart Analysis tells of all."""
    for name in ("a.py", "b.py"):
        (folder / name).write_text(NONE)
    client = start()
    for name in ("a.py", "b.py"):
        assert len(client.diagnostics(client.uri(name), None)) == 1
    (folder / ".gitignore").write_text("b.py\n")
    assert client.diagnostics(client.uri("b.py"), None) == []
    client.execute("backendTeam.server.checkWorkspace", {}, workDoneToken="t")
    assert not [one for one in client.unread if one["method"] == "textDocument/publishDiagnostics"]
    client.open("a.py", NONE)
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("a.py")}})
    assert len(client.diagnostics(client.uri("a.py"), None)) == 1  # some editors drop what they show when they close
    client.execute("backendTeam.server.restartAnalysis", {}, workDoneToken="t")
    assert len(client.diagnostics(client.uri("a.py"), None)) == 1
    client.unasked.add("$/progress")
