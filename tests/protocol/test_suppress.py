"""Suppress by a command: in the line, in the file, or in the settings, with a reason or without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import CAPABILITIES, Client, Refused, insertion
from tests.protocol.test_notebooks import WITH_NOTEBOOKS, Notebook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SUPPRESS = "backendTeam.server.suppress"
RULE = "comparison-to-none"
TEXT = "x = load()\nif x == None:\n    x = 1\n"
SNIPPETS = CAPABILITIES | {
    "workspace": {
        "workspaceEdit": {
            "documentChanges": True,
            "snippetEditSupport": True,
            "resourceOperations": ["create"],
        },
        "configuration": True,
    }
}
REASONS = [({}, ""), ({"reason": ""}, ""), ({"reason": "a column"}, " a column")]


def place(client: Client, **changes: Any) -> dict[str, Any]:
    found = {"uri": client.uri("a.py"), "version": 1, "line": 1, "character": 4, "rule": RULE, "where": "line"}
    return found | changes


@pytest.mark.parametrize(("reason", "said"), REASONS, ids=["none", "empty", "given"])
def test_in_the_line_and_in_the_file(start: Callable[..., Client], reason: dict[str, str], said: str) -> None:
    client = start(capabilities=SNIPPETS)
    client.open("a.py", TEXT)
    uri = client.uri("a.py")
    assert client.execute(SUPPRESS, place(client, **reason)) is None
    assert client.texts[uri].splitlines()[1] == f"if x == None:  # backend-team: ignore[{RULE}]{said}"
    assert client.diagnostics(uri, 2) == []
    client.change(uri, {"text": TEXT})
    client.execute(SUPPRESS, place(client, version=3, where="file", **reason))
    assert client.texts[uri].splitlines()[0] == f"# backend-team: ignore-file[{RULE}]{said}"
    assert client.diagnostics(uri, 4) == []


@pytest.mark.parametrize(("reason", "said"), [REASONS[0], REASONS[2]], ids=["none", "given"])
def test_in_the_settings(folder: Path, start: Callable[..., Client], reason: dict[str, str], said: str) -> None:
    client = start(capabilities=SNIPPETS)
    client.open("a.py", TEXT)
    client.execute(SUPPRESS, place(client, where="settings", **reason))
    expected = said or " reason: to be said"
    assert (
        folder / "backend-team.toml"
    ).read_text() == f'[per-path]\n"/a.py" = {{ ignore = ["{RULE}"] }}  #{expected}\n'
    while client.diagnostics(client.uri("a.py"), 1):
        pass
    client.forgo()


def test_in_a_cell(start: Callable[..., Client]) -> None:
    client = start(capabilities=SNIPPETS | {"notebookDocument": WITH_NOTEBOOKS["notebookDocument"]})
    notebook = Notebook(client)
    notebook.open({"one": "y = 1\n", "two": TEXT})
    client.refuse_edits = True
    with pytest.raises(Refused, match="did not apply"):
        client.execute(SUPPRESS, place(client, uri=notebook.cell("two"), reason="a column"))
    with pytest.raises(Refused, match="no finding"):
        client.execute(SUPPRESS, place(client, uri=notebook.cell("one"), line=0))


def test_what_cannot_be_suppressed_is_refused(start: Callable[..., Client]) -> None:
    client = start()
    client.open("a.py", TEXT)
    client.change(client.uri("a.py"), insertion(0, 0, "\n"))
    with pytest.raises(Refused) as refused:
        client.execute(SUPPRESS, place(client))
    assert refused.value.code == -32801
    for changes, said in [
        ({"line": 0}, "there is no finding of comparison-to-none here"),
        ({"line": 2, "rule": "unused-import"}, "there is no finding of unused-import here"),
        ({"line": 2, "uri": client.uri("b.py")}, "is not an open Python file"),
        ({"line": 2, "where": "settings"}, "there are no settings to change"),
        ({"line": 2, "where": "nowhere"}, "nowhere is no place to suppress in"),
        ({"line": 2, "reason": 3}, "reason has a wrong type"),
        ({"line": 2, "rule": None}, "rule is missing"),
    ]:
        with pytest.raises(Refused, match=said):
            client.execute(SUPPRESS, place(client, version=2) | changes)
    assert client.edits == []
