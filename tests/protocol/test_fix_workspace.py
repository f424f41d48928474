"""Fix Workspace: one edit for open and closed files, confirmed where the client can, refused when it is too late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import CAPABILITIES, Client, Refused, insertion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIX = "backendTeam.server.fixWorkspace"
KEYS = "totals: dict[str, int] = {}\nfor name in totals.keys():\n    print(name)\n"
FIXED = KEYS.replace(".keys()", "")
BOTH = "import os\n" + KEYS
REVIEW = "x = load()\nif x == None:\n    x = 1\n"
ASKS = CAPABILITIES | {
    "workspace": {"workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {}}, "configuration": True}
}


def test_open_documents_and_closed_files(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "inner").mkdir()
    for name in ("a.py", "b.py", "inner/c.py"):
        (folder / name).write_text(KEYS)
    (folder / "d.py").write_text(REVIEW)
    client = start(capabilities=ASKS)
    client.open("a.py", "# typed\n" + KEYS)
    result = client.execute(FIX, {}, workDoneToken="t")
    assert result == {"files": 3, "applied": 3, "withheld": [], "leftOut": []}
    (edit,) = client.edits
    versions = {one["textDocument"]["uri"]: one["textDocument"]["version"] for one in edit["documentChanges"]}
    assert versions == {client.uri("a.py"): 1, client.uri("b.py"): None, client.uri("inner/c.py"): None}
    (note,) = edit["changeAnnotations"].values()
    assert note == {"label": "Fix all safe findings", "description": "3 files", "needsConfirmation": True}
    assert client.texts[client.uri("a.py")] == "# typed\n" + FIXED
    assert (folder / "a.py").read_text() == KEYS
    assert (folder / "b.py").read_text() == (folder / "inner" / "c.py").read_text() == FIXED
    assert (folder / "d.py").read_text() == REVIEW
    assert client.notification("$/progress")["value"]["title"] == "Fix all safe findings"
    while client.notification("$/progress")["value"]["kind"] != "end":
        pass
    assert client.execute(FIX, {})["files"] == 0
    assert len(client.edits) == 1
    client.forgo()


@pytest.mark.parametrize(
    ("wanted", "a", "b"),
    [
        ({"rule": "unused-import"}, KEYS, BOTH),
        ({"category": "imports"}, KEYS, BOTH),
        ({"folder": "one"}, FIXED, BOTH),
        ({"rule": "comparison-to-none"}, BOTH, BOTH),
    ],
    ids=["rule", "category", "folder", "review"],
)
def test_a_part_of_it(folder: Path, start: Callable[..., Client], wanted: dict[str, str], a: str, b: str) -> None:
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "m.py").write_text(BOTH + REVIEW)
    client = start()
    if "folder" in wanted:
        wanted = {"folder": client.uri(wanted["folder"])}
    else:
        b = a
    result = client.execute(FIX, wanted)
    assert result["files"] == len(client.edits and client.edits[0]["documentChanges"])
    assert all("changeAnnotations" not in edit for edit in client.edits)
    assert (folder / "one" / "m.py").read_text() == a + REVIEW
    assert (folder / "two" / "m.py").read_text() == b + REVIEW
    client.forgo()


def test_a_named_rule_for_review_is_asked_for(folder: Path, start: Callable[..., Client]) -> None:
    for name in ("a.py", "b.py"):
        (folder / name).write_text(REVIEW)
    client = start(capabilities=ASKS)
    client.refuse_edits = True
    assert client.execute(FIX, {"rule": "comparison-to-none"})["files"] == 0  # the person said no
    client.refuse_edits = False
    assert client.execute(FIX, {"rule": "comparison-to-none"})["files"] == 2
    assert "x is None" in (folder / "a.py").read_text()
    client.forgo()


@pytest.mark.parametrize(
    "wanted",
    [
        {"rule": "no-rule"},
        {"rules": ["unused-import", "no-rule"]},
        {"rules": "unused-import"},
        {"rules": ["unused-import", 1]},
        {"category": "none"},
        {"folder": "file:///other"},
        {"rule": 1},
    ],
)
def test_what_is_not_there_is_refused(folder: Path, start: Callable[..., Client], wanted: dict[str, Any]) -> None:
    client = start()
    with pytest.raises(Refused):
        client.execute(FIX, wanted)
    client.forgo()


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (["unused-import"], KEYS + REVIEW),
        (["unused-import", "dict-keys-iteration"], FIXED + REVIEW),
        (["unused-import", "comparison-to-none"], KEYS + REVIEW.replace("==", "is")),
        ([], BOTH + REVIEW),
    ],
)
def test_several_rules(folder: Path, start: Callable[..., Client], rules: list[str], text: str) -> None:
    for name in ("a.py", "b.py"):
        (folder / name).write_text(BOTH + REVIEW)
    client = start(capabilities=ASKS)
    assert client.execute(FIX, {"rules": rules})["files"] == (2 if rules else 0)
    assert (folder / "a.py").read_text() == (folder / "b.py").read_text() == text
    client.forgo()


def test_one_file(folder: Path, start: Callable[..., Client]) -> None:
    for name in ("a.py", "b.py"):
        (folder / name).write_text(BOTH + REVIEW)
    client = start(capabilities=ASKS)
    assert client.execute(FIX, {"folder": client.uri("a.py")})["applied"] == 2
    assert "changeAnnotations" not in client.edits[0]
    assert (folder / "a.py").read_text() == FIXED + REVIEW
    client.execute(FIX, {"folder": client.uri("a.py"), "rules": ["comparison-to-none"]})
    (note,) = client.edits[1]["changeAnnotations"].values()
    assert note["description"] == "1 file"  # nobody sees it: it is asked for
    assert (folder / "a.py").read_text() == FIXED + REVIEW.replace("==", "is")
    client.open("b.py", BOTH + REVIEW)
    client.execute(FIX, {"folder": client.uri("b.py"), "rules": ["comparison-to-none"]})
    assert "changeAnnotations" not in client.edits[2]
    assert client.texts[client.uri("b.py")] == BOTH + REVIEW.replace("==", "is")
    client.execute(FIX, {"folder": client.uri("b.py"), "rules": ["unused-import", "dict-keys-iteration"]})
    assert client.edits[3]["changeAnnotations"]
    assert client.texts[client.uri("b.py")] == FIXED + REVIEW.replace("==", "is")
    client.forgo()


def many(folder: Path) -> None:
    text = "".join(f"def f{one}(a):\n    return a\n\n\n" for one in range(200)) + KEYS
    for number in range(60):
        (folder / f"m{number:02}.py").write_text(text)


def begin(client: Client) -> int:
    """Begin to fix the workspace, as far as some files were looked at."""
    number = client.start_request("workspace/executeCommand", {"command": FIX, "arguments": [{}], "workDoneToken": "t"})
    client.notification("$/progress", lambda params: params["value"].get("percentage", 0) > 0)
    return number


def test_a_change_meanwhile(folder: Path, start: Callable[..., Client]) -> None:
    many(folder)
    client = start()
    client.open("open.py", KEYS)
    number = begin(client)
    client.change(client.uri("open.py"), insertion(0, 0, "\n"))
    with pytest.raises(Refused) as refused:
        client.answer(number)
    assert refused.value.code == -32801
    assert client.edits == []
    client.forgo()


def test_a_file_changed_on_disk_meanwhile(folder: Path, start: Callable[..., Client]) -> None:
    many(folder)
    (folder / "a.py").write_text(KEYS)
    client = start()
    number = begin(client)
    (folder / "a.py").write_text("# other\n" + KEYS)
    result = client.answer(number)
    assert result["files"] == 60
    assert result["leftOut"] == [{"uri": client.uri("a.py"), "reason": "it was changed meanwhile"}]
    assert "a.py: it was changed meanwhile" in client.notification("window/showMessage")["message"]
    assert (folder / "a.py").read_text() == "# other\n" + KEYS
    client.forgo()


@pytest.mark.parametrize("how", ["window/workDoneProgress/cancel", "$/cancelRequest"])
def test_it_is_cancelled(folder: Path, start: Callable[..., Client], how: str) -> None:
    many(folder)
    client = start()
    number = begin(client)
    client.notify(how, {"token": "t"} if "Progress" in how else {"id": number})
    with pytest.raises(Refused) as refused:
        client.answer(number)
    assert refused.value.code == -32800
    assert client.edits == []
    assert client.open("other.py", "x = 1\n") == []
    client.forgo()


def test_a_file_in_another_encoding_is_left_alone(folder: Path, start: Callable[..., Client]) -> None:
    content = ("# coding: latin-1\n# ä\n" + KEYS).encode("latin-1")
    (folder / "a.py").write_bytes(content)
    client = start()
    result = client.execute(FIX, {})
    assert result["files"] == 0
    assert "iso-8859-1" in result["leftOut"][0]["reason"]
    assert "1 file was left alone" in client.notification("window/showMessage")["message"]
    assert (folder / "a.py").read_bytes() == content
    client.forgo()


def test_the_folder_of_a_file_from_a_code_action(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "inner").mkdir()
    for name in ("b.py", "inner/c.py"):
        (folder / name).write_text(KEYS)
    client = start()
    client.open("inner/a.py", KEYS)
    uri = client.uri("inner/a.py")
    (found,) = [one for one in client.actions(uri, 1, 14) if one["title"].endswith("in the folder inner")]
    client.request("workspace/executeCommand", {key: found["command"][key] for key in ("command", "arguments")})
    assert client.texts[uri] == FIXED
    assert (folder / "inner" / "c.py").read_text() == FIXED
    assert (folder / "b.py").read_text() == KEYS
    client.open("d.py", KEYS)
    titles = [one["title"] for one in client.actions(client.uri("d.py"), 1, 14)]
    assert not [title for title in titles if "in the folder" in title], "that is the workspace"
    client.forgo()


def test_from_a_code_action(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "b.py").write_text(KEYS)
    client = start()
    client.open("a.py", KEYS + REVIEW)
    uri = client.uri("a.py")
    (found,) = [one for one in client.actions(uri, 1, 14) if one["title"].endswith("in the workspace")]
    assert found["title"] == "Fix all findings of dict-keys-iteration in the workspace"
    command = found["command"]
    client.request("workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]})
    assert client.notification("$/progress")["token"].startswith("backend-team-")
    assert client.texts[uri] == FIXED + REVIEW
    assert (folder / "b.py").read_text() == FIXED
    assert not [one for one in client.actions(uri, 4, 4) if one["title"].endswith("in the workspace")]
    client.forgo()
