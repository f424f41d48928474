"""The tree of the cleanup: a ranked plan, by rule and by file, of open documents and closed files together."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import CAPABILITIES, Client, Refused, insertion
from tests.protocol.test_notebooks import WITH_NOTEBOOKS, Notebook
from tests.protocol.workers import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIST = "backendTeam.server.listCleanup"
FIX = "backendTeam.server.fixWorkspace"
VIEWS = ("plan", "rules", "files")
KEYS = "totals: dict[str, int] = {}\nfor name in totals.keys():\n    print(name)\n"
KEYS_TITLE = "Iterate over the dictionary, not over its keys()"
REVIEW = "x = load()\nif x == None:\n    x = 1\n"
NONE = "if x == None: x = 1\n"
BY_HAND = "def f(a):\n    try:\n        a()\n    except Exception:\n        pass\n"
LINES = "y = 1\n" * 97
ASKS = CAPABILITIES | {
    "workspace": {"workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {}}, "configuration": True}
}
Item = dict[str, Any]


def listed(client: Client, view: str, parent: str | None = None) -> list[Item]:
    found: list[Item] = client.execute(LIST, {"view": view} | ({} if parent is None else {"parent": parent}))
    return found


def leaves(client: Client, view: str, parent: str | None = None) -> list[Item]:
    """All findings below an item; on the way the numbers add up, and every id is another."""
    found: list[Item] = []
    for item in listed(client, view, parent):
        if not item["expandable"]:
            found.append(item)
            continue
        below = leaves(client, view, item["id"])
        assert item["findings"] == len(below), item
        assert item["fixable"] == sum(one["fixable"] for one in below), item
        found += below
    assert len({one["id"] for one in found}) == len(found)
    return found


def settle(client: Client, count: int) -> None:
    """Wait until so many findings are shown."""
    until(lambda: client.execute("backendTeam.server.showStatus", {})["findings"] == count)


def shop(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "a.py").write_text(KEYS + REVIEW + LINES)
    (folder / "inner" / "b.py").write_text(KEYS + KEYS.replace("totals", "others") + LINES)
    (folder / "c.py").write_text(BY_HAND + LINES)


def test_every_view_holds_everything(folder: Path, start: Callable[..., Client]) -> None:
    shop(folder)
    client = start(capabilities=ASKS)
    client.forgo()
    client.open("a.py", REVIEW + KEYS + LINES)  # other places than on disk
    client.open("d.py", KEYS)  # not on disk
    count = client.execute("backendTeam.server.showStatus", {})["findings"]
    places = set()
    for view in VIEWS:
        found = leaves(client, view)
        assert len(found) == count
        places.add(json.dumps(sorted([one["rule"], *one["place"].values()] for one in found)))
    assert len(places) == 1
    ours = [one for one in found if one["place"]["uri"] == client.uri("a.py")]
    assert [(one["rule"], one["place"]["line"]) for one in ours] == [
        ("comparison-to-none", 1),
        ("dict-keys-iteration", 4),
    ]
    assert ours[0] == {
        "id": ours[0]["id"],
        "kind": "finding",
        "label": "Compare to None with `is`",
        "description": "line 2 · if x == None:",
        "tooltip": ours[0]["tooltip"],
        "findings": 1,
        "fixable": 1,
        "expandable": False,
        "severity": "warning",
        "rule": "comparison-to-none",
        "place": {"uri": client.uri("a.py"), "line": 1, "character": 3, "endLine": 1, "endCharacter": 12},
    }
    client.change(client.uri("a.py"), insertion(0, 0, "\n"))
    (moved,) = [one for one in leaves(client, "files") if one["rule"] == "comparison-to-none"]
    assert moved["place"]["line"] == 2


def test_by_file(folder: Path, start: Callable[..., Client]) -> None:
    shop(folder)
    client = start(capabilities=ASKS)
    client.forgo()
    files = listed(client, "files")
    assert [(one["kind"], one["label"], one["description"]) for one in files] == [
        ("file", "a.py", "2 findings, all fixable"),
        ("file", "inner/b.py", "2 findings, all fixable"),
        ("file", "c.py", "1 finding"),
    ]
    assert [one.get("fix") for one in files] == [
        {"folder": client.uri("a.py")},
        {"folder": client.uri("inner/b.py")},
        None,
    ]
    (folder / "c.py").unlink()
    settle(client, 4)
    assert [one["label"] for one in listed(client, "files")] == ["a.py", "inner/b.py"]
    assert listed(client, "files", files[2]["id"]) == []


def test_by_rule(folder: Path, start: Callable[..., Client]) -> None:
    shop(folder)
    client = start()
    client.forgo()
    categories = listed(client, "rules")
    assert [(one["label"], one["findings"], one["fixable"], one.get("fix")) for one in categories] == [
        ("Idioms", 3, 3, {"category": "idioms"}),
        ("Comparisons", 1, 1, None),  # its fix wants a review, and this client asks nobody
        ("Correctness", 1, 0, None),
    ]
    (rule,) = listed(client, "rules", categories[0]["id"])
    assert (rule["kind"], rule["rule"], rule["severity"]) == ("rule", "dict-keys-iteration", "hint")
    assert rule["fix"] == {"rules": ["dict-keys-iteration"]}
    files = listed(client, "rules", rule["id"])
    assert [(one["label"], one["findings"]) for one in files] == [("inner/b.py", 2), ("a.py", 1)]
    assert files[0]["fix"] == {"rules": ["dict-keys-iteration"], "folder": client.uri("inner/b.py")}


def test_the_plan(folder: Path, start: Callable[..., Client]) -> None:
    shop(folder)
    client = start(capabilities=ASKS)
    client.forgo()
    score = client.execute("backendTeam.server.showStatus", {})["score"]
    steps = listed(client, "plan")
    assert [(one["kind"], one["rule"]) for one in steps] == [
        ("step", "dict-keys-iteration"),
        ("step", "comparison-to-none"),
        ("step", "silent-except"),
    ]
    said = [one["description"] for one in steps]
    assert said == ["3 fixes · +7.9 points", "1 fix · +2.5 points", "1 by hand · +2.5 points"]
    assert [one.get("fix") for one in steps] == [
        {"rules": ["dict-keys-iteration"]},
        {"rules": ["comparison-to-none"]},
        None,
    ]
    tooltip = steps[0]["tooltip"]
    assert "`dict-keys-iteration`" in tooltip
    assert "**One click**: 3 fixes, safe, of 3 places in 2 files." in tooltip
    assert client.execute(FIX, steps[0]["fix"])["applied"] == 3
    settle(client, 2)
    after = client.execute("backendTeam.server.showStatus", {})["score"]
    assert f"The quality score goes from {score} to {after}." in tooltip
    assert [one["rule"] for one in listed(client, "plan")] == ["comparison-to-none", "silent-except"]


def test_a_low_score_tells_what_each_step_gains(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "a.py").write_text("x = load()\n" + KEYS * 3 + NONE * 12)
    client = start()
    client.forgo()
    steps = listed(client, "plan")
    said = [one["description"].partition(" · ") for one in steps]
    assert [does for does, _, _ in said] == ["3 fixes", "12 fixes, one by one"]
    assert all(re.fullmatch(r"\+\d+\.\d points", gains) for _, _, gains in said)
    assert "The quality score goes from" in steps[0]["tooltip"]


@pytest.mark.parametrize("view", VIEWS)
def test_the_fix_of_an_item_empties_it(folder: Path, start: Callable[..., Client], view: str) -> None:
    shop(folder)
    client = start(capabilities=ASKS)
    client.forgo()
    client.open("inner/b.py", KEYS + REVIEW + LINES)
    count = client.execute("backendTeam.server.showStatus", {})["findings"]
    fixed = 0
    while fixing := [one for one in listed(client, view) if "fix" in one]:
        done = client.execute(FIX, fixing[0]["fix"])["applied"]
        assert done == (fixing[0]["fixable"] if view == "plan" else done) > 0
        fixed += done
        settle(client, count - fixed)
    left = leaves(client, view)
    assert [one["fixable"] for one in left] == [0] * len(left) if view != "rules" else True
    assert count - fixed == len(left)
    if view == "files":  # asked for is what wants a review in a file that nobody sees
        (asked,) = [edit for edit in client.edits if "changeAnnotations" in edit]
        assert asked["documentChanges"][0]["textDocument"] == {"uri": client.uri("a.py"), "version": None}


def test_what_the_baseline_knows_is_not_listed(folder: Path, start: Callable[..., Client]) -> None:
    shop(folder)
    (folder / "backend-team.toml").write_text('baseline = "known.txt"\n')
    (folder / "known.txt").write_text("# backend-team baseline 1\n")
    client = start()
    client.forgo()
    client.open("a.py", KEYS + LINES)
    assert len(leaves(client, "files")) == 4
    client.execute("backendTeam.server.writeBaseline", {})
    settle(client, 0)
    assert [listed(client, view) for view in VIEWS] == [[], [], []]
    client.change(client.uri("a.py"), insertion(0, 0, "import os\n"))
    assert [one["rule"] for one in leaves(client, "rules")] == ["unused-import"]


def test_several_folders(tmp_path: Path, start: Callable[..., Client], folder: Path) -> None:
    other = tmp_path / "store"
    other.mkdir()
    for place in (folder, other):
        (place / "m.py").write_text(KEYS)
    (other / ".backend-team" / "rules").mkdir(parents=True)
    (other / ".backend-team" / "rules" / "own.yaml").write_text(OWN)
    (other / "n.py").write_text("old(1)\n")
    client = start(workspaceFolders=[{"uri": each.as_uri(), "name": each.name} for each in (folder, other)])
    client.forgo()
    assert [one["label"] for one in listed(client, "files")] == ["shop/m.py", "store/m.py", "store/n.py"]
    assert [one["label"] for one in listed(client, "plan")] == [
        "Iterate over the dictionary, not over its keys()",
        "Ours, not theirs",
    ]
    rules = {one["id"]: one for one in client.execute("backendTeam.server.listRules", {})}
    assert rules["own"] == {
        "id": "own",
        "title": "Ours, not theirs",
        "category": "rules",
        "runs": True,
        "fixable": True,
        "findings": 1,
    }
    assert rules["dict-keys-iteration"]["findings"] == 2
    client.execute(FIX, next(one["fix"] for one in listed(client, "files") if one["label"] == "store/n.py"))
    assert (other / "n.py").read_text() == "new(1)\n"
    settle(client, 2)
    assert len(leaves(client, "plan")) == 2


OWN = """id: own
title: Ours, not theirs
why: Theirs is gone.
severity: warning
pattern: old($X)
fix: new($X)
safety: safe
examples:
  - before: old(1)
    after: new(1)
"""


def test_the_cells_of_a_notebook(folder: Path, start: Callable[..., Client]) -> None:
    client = start(capabilities=ASKS | {"notebookDocument": WITH_NOTEBOOKS["notebookDocument"]})
    notebook = Notebook(client)
    notebook.open({"one": "import os\n", "two": REVIEW})
    (file,) = listed(client, "files")
    assert (file["label"], file["findings"], file["fixable"]) == ("a.ipynb", 2, 2)
    assert "fix" not in file, "notebooks are fixed one by one"
    found = listed(client, "files", file["id"])
    assert [(one["place"]["uri"], one["place"]["line"]) for one in found] == [
        (notebook.cell("one"), 0),
        (notebook.cell("two"), 1),
    ]
    assert found[1]["description"] == "line 2 · if x == None:"
    assert [one.get("fix") for one in listed(client, "plan")] == [None, None]
    client.notify("notebookDocument/didClose", {"notebookDocument": {"uri": notebook.uri}, "cellTextDocuments": []})
    client.forgo()
    assert listed(client, "files") == []


def test_problems_are_no_rules(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "a.py").write_text("def f(:\n")
    client = start()
    client.forgo()
    assert client.open_as("toml", client.uri("backend-team.toml"), 'ignore = ["no-rule"]\n')
    (category,) = listed(client, "rules")
    assert category["label"] == "Problems"
    labels = {one["label"] for one in listed(client, "rules", category["id"])}
    assert labels == {"Syntax errors", "Errors in settings files"}
    found = leaves(client, "plan")
    assert all("rule" not in one for one in found)
    assert {one["severity"] for one in found} <= {"error", "warning"}


def test_a_closed_document_stays_listed(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "a.py").write_text(KEYS)
    client = start()
    client.forgo()
    client.open("a.py", KEYS + REVIEW)
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("a.py")}})
    assert {one["rule"] for one in leaves(client, "files")} == {"dict-keys-iteration", "comparison-to-none"}
    settle(client, 1)
    assert [one["rule"] for one in leaves(client, "files")] == ["dict-keys-iteration"]


def test_more_than_anybody_reads(folder: Path, start: Callable[..., Client]) -> None:
    for number in range(510):
        (folder / f"m{number:03}.py").write_text(KEYS)
    (folder / "most.py").write_text("totals: dict[str, int] = {}\n" + "for n in totals.keys(): print(n)\n" * 700)
    client = start()
    client.forgo()
    files = listed(client, "files")
    assert len(files) == 501
    assert files[0]["label"] == "most.py"
    assert (files[-1]["label"], files[-1]["kind"], files[-1]["findings"]) == ("11 more", "file", 11)
    assert not files[-1]["expandable"]
    assert "fix" not in files[-1]
    found = listed(client, "files", files[0]["id"])
    assert (len(found), found[-1]["label"], found[-1]["kind"]) == (501, "200 more", "finding")
    assert listed(client, "files", files[-1]["id"]) == []
    (step,) = listed(client, "plan")
    assert step["findings"] == 1_210
    assert step["description"].startswith("1,210 fixes · ")


@pytest.mark.parametrize(
    "parent",
    ["", "x", "3", "[]", '["plan"]', '["files","a","b"]', '["files",3]', '["files","file:///gone.py"]', "[" * 9999],
)
def test_a_parent_that_is_gone(shared: Client, parent: str) -> None:
    assert listed(shared, "files", parent) == []


@pytest.mark.parametrize("wanted", [{}, {"view": "tree"}, {"view": 3}, {"view": "plan", "parent": 3}])
def test_what_is_no_view_is_refused(shared: Client, wanted: Any) -> None:
    with pytest.raises(Refused) as refused:
        shared.execute(LIST, wanted)
    assert refused.value.code == -32602
