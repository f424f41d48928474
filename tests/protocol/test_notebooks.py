"""Notebooks: the cells are one module, and each has findings of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import CAPABILITIES, Client, Refused, insertion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WITH_NOTEBOOKS = CAPABILITIES | {"notebookDocument": {"synchronization": {}}}
UNASKED = {"backendTeam/status", "backendTeam/usage"}
CODE, MARKUP = 2, 1
MANY = "import os\nimport sys\nprint(os.name)\n"


class Notebook:
    """A notebook as an editor holds it; `cells` are the names of its cells in their order."""

    def __init__(self, client: Client, name: str = "a.ipynb") -> None:
        self.client = client
        self.uri = client.uri(name)
        self.version = 1
        self.cells: list[str] = []

    def cell(self, name: str) -> str:
        return f"{self.uri.replace('file:', 'vscode-notebook-cell:')}#{name}"

    def text(self, name: str) -> str:
        return self.client.texts[self.cell(name)]

    def _document(self, name: str, text: str, language: str = "python") -> dict[str, Any]:
        self.client.texts[self.cell(name)], self.client.versions[self.cell(name)] = text, 1
        return {"uri": self.cell(name), "languageId": language, "version": 1, "text": text}

    def _kind(self, name: str, kind: int = CODE) -> dict[str, Any]:
        return {"kind": kind, "document": self.cell(name)}

    def open(self, cells: dict[str, str]) -> dict[str, list[str]]:
        """Open it with Python cells; the rules that each offends."""
        self.cells = list(cells)
        opened = {
            "uri": self.uri,
            "notebookType": "jupyter-notebook",
            "version": 1,
            "cells": [self._kind(name) for name in cells],
        }
        documents = [self._document(name, text) for name, text in cells.items()]
        self.client.notify("notebookDocument/didOpen", {"notebookDocument": opened, "cellTextDocuments": documents})
        return {name: self.rules(name, 1) for name in cells}

    def rules(self, name: str, version: int | None) -> list[str]:
        return [item["code"] for item in self.client.diagnostics(self.cell(name), version)]

    def change(self, change: dict[str, Any]) -> None:
        self.version += 1
        identifier = {"uri": self.uri, "version": self.version}
        self.client.notify("notebookDocument/didChange", {"notebookDocument": identifier, "change": {"cells": change}})

    def type(self, name: str, *changes: dict[str, Any]) -> list[str]:
        """Type in a cell; the rules that it offends then."""
        uri = self.cell(name)
        for change in changes:
            self.client.texts[uri] = self.client.edited(self.client.texts[uri], [change | {"newText": change["text"]}])
        self.typed(uri, list(changes))
        return self.rules(name, self.client.versions[uri])

    def typed(self, uri: str, changes: list[dict[str, Any]]) -> None:
        self.client.versions[uri] += 1
        document = {"uri": uri, "version": self.client.versions[uri]}
        self.change({"textContent": [{"document": document, "changes": changes}]})

    def put(self, place: int, name: str, text: str) -> None:
        self.cells.insert(place, name)
        array = {"start": place, "deleteCount": 0, "cells": [self._kind(name)]}
        self.change({"structure": {"array": array, "didOpen": [self._document(name, text)], "didClose": []}})

    def take(self, name: str) -> None:
        place = self.cells.index(name)
        self.cells.remove(name)
        del self.client.texts[self.cell(name)], self.client.versions[self.cell(name)]
        closed = [{"uri": self.cell(name)}]
        array = {"start": place, "deleteCount": 1, "cells": []}
        self.change({"structure": {"array": array, "didOpen": [], "didClose": closed}})

    def order(self, *names: str) -> None:
        """Move cells, as an editor says it: those between the first and the last that moved come anew."""
        array = {"start": 0, "deleteCount": len(self.cells), "cells": [self._kind(name) for name in names]}
        self.cells = list(names)
        self.change({"structure": {"array": array}})

    def close(self) -> None:
        cells = [{"uri": self.cell(name)} for name in self.cells]
        self.client.notify(
            "notebookDocument/didClose", {"notebookDocument": {"uri": self.uri}, "cellTextDocuments": cells}
        )

    def applied(self, edit: dict[str, Any]) -> None:
        """Apply an edit of cells, and tell the server as an editor does."""
        for change in edit["documentChanges"]:
            uri = change["textDocument"]["uri"]
            assert change["textDocument"]["version"] == self.client.versions[uri], "an edit for another version"
            self.client.texts[uri] = self.client.edited(self.client.texts[uri], change["edits"])
            last_first = sorted(change["edits"], key=lambda one: tuple(one["range"]["start"].values()), reverse=True)
            self.typed(uri, [{"range": one["range"], "text": one["newText"]} for one in last_first])

    def resolved(self, name: str, line: int, title: str, character: int = 0) -> Any:
        """The edit of an action."""
        listed = self.client.actions(self.cell(name), line, character)
        (found,) = [one for one in listed if one["title"].startswith(title)]
        return self.client.request("codeAction/resolve", found)["edit"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One server for the notebooks of many tests."""
    state = tmp_path_factory.mktemp("state")
    made = Client(tmp_path_factory.mktemp("shop"), {"BACKEND_TEAM_STATE_DIR": str(state)})
    try:
        made.initialize(capabilities=WITH_NOTEBOOKS)
        made.ready()
        yield made
        assert made.finish() == 0
        assert b"Traceback" not in made.log, made.log.decode()
    finally:
        made.close()


@pytest.fixture
def notebook(served: Client) -> Iterator[Notebook]:
    """A notebook; the test reads what is sent of it."""
    made = Notebook(served)
    yield made
    with pytest.raises(Refused):
        served.request("test/everything before this was sent")
    left = [one for one in served.unread if one.get("method") not in UNASKED]
    made.close()
    with pytest.raises(Refused):
        served.request("test/it is closed")
    served.unread.clear()
    served.texts.clear()
    assert not left, f"nobody read: {left}"


def test_notebooks_of_any_type_are_asked_for(notebook: Notebook) -> None:
    assert notebook.client.capabilities["notebookDocumentSync"] == {
        "notebookSelector": [{"notebook": "*", "cells": [{"language": "python"}]}],
        "save": True,
    }


def test_cells_are_judged_as_one_module(notebook: Notebook) -> None:
    found = notebook.open({"a": "import os\nimport sys", "b": "x = os.name\nif x == None: x = 1", "c": "x"})
    assert found == {"a": ["unused-import"], "b": ["comparison-to-none"], "c": []}


def test_findings_count_in_their_cell(notebook: Notebook) -> None:
    notebook.open({"a": "x = '😀'\n\n"})
    assert notebook.type("a", insertion(1, 0, "a = load('😀') == None")) == ["comparison-to-none"]
    notebook.put(0, "first", "y = 1\n")
    assert notebook.rules("first", 1) == []
    assert notebook.type("a", insertion(1, 2, " ")) == ["comparison-to-none"]
    hover = notebook.client.request(
        "textDocument/hover",
        {"textDocument": {"uri": notebook.cell("a")}, "position": {"line": 1, "character": 8}},
    )
    assert hover["range"] == {"start": {"line": 1, "character": 5}, "end": {"line": 1, "character": 23}}


def test_typing_in_one_cell_changes_the_findings_of_another(notebook: Notebook) -> None:
    notebook.open({"a": "import os", "b": "x = 1\n"})
    assert notebook.type("b", insertion(1, 0, "os.name")) == []
    assert notebook.rules("a", 1) == []
    assert notebook.type("b", insertion(1, 0, "# ")) == []
    assert notebook.rules("a", 1) == ["unused-import"]


def test_a_cell_that_goes_takes_its_names_along(notebook: Notebook) -> None:
    assert notebook.open({"a": "import os", "b": "os.name", "c": "a = f() == None"}) == {
        "a": [],
        "b": [],
        "c": ["comparison-to-none"],
    }
    notebook.take("b")
    assert notebook.rules("a", 1) == ["unused-import"]
    notebook.take("c")
    assert notebook.rules("c", None) == []
    notebook.put(1, "d", "os.name\n")
    assert notebook.rules("a", 1) == []
    assert notebook.rules("d", 1) == []


def test_a_cell_that_moves_keeps_its_findings(notebook: Notebook) -> None:
    notebook.open({"a": "import os", "b": "x = 1", "c": "y = x == None"})
    notebook.order("c", "a", "b")  # nothing is said anew: the findings count in their cells
    assert notebook.type("b", insertion(0, 5, "\nos.name")) == []
    assert notebook.rules("a", 1) == []
    assert notebook.type("c", insertion(0, 0, "z = 2\n")) == ["comparison-to-none"]


def test_a_cell_that_becomes_text_has_no_findings(notebook: Notebook) -> None:
    notebook.open({"a": "import os", "b": "os.name"})
    notebook.change({"data": [{"kind": MARKUP, "document": notebook.cell("b")}]})
    assert notebook.rules("a", 1) == ["unused-import"]
    notebook.change({"data": [{"kind": CODE, "document": notebook.cell("b")}]})
    assert notebook.rules("a", 1) == []
    assert notebook.rules("b", 1) == []


def test_a_cell_of_another_language_is_no_python(notebook: Notebook) -> None:
    notebook.open({"a": "import os", "b": "os.name"})
    array = {"start": 1, "deleteCount": 1, "cells": [{"kind": CODE, "document": notebook.cell("b")}]}
    document = {"uri": notebook.cell("b"), "languageId": "sql", "version": 2, "text": "select os"}
    closed = [{"uri": notebook.cell("b")}]
    notebook.change({"structure": {"array": array, "didOpen": [document], "didClose": closed}})
    assert notebook.rules("a", 1) == ["unused-import"]


@pytest.mark.parametrize(
    "text",
    [
        "%matplotlib inline\nx = 1",
        "!pip install shop",
        "files = !ls\nif files:\n    %time len(files)",
        "%%bash\nfor x in *; do echo $x; done",
        "?len",
        "len??",
        "%%time\nx = 1\r\n!ls\r\n",
        "text = '''\n%no magic\n'''\n%magic",
        "await load()\nx = [1]\nx",
        "exit()",
    ],
)
def test_what_only_a_notebook_knows_is_no_error(notebook: Notebook, text: str) -> None:
    assert notebook.open({"a": text, "b": "y = 1"}) == {"a": [], "b": []}


def test_a_magic_uses_names(notebook: Notebook) -> None:
    cells = {"a": "import os\nimport sys\nimport abc", "b": "%timeit os.listdir()", "c": "%%sql\nselect {sys.path}"}
    assert notebook.open(cells) == {"a": ["unsorted-imports", "unused-import"], "b": [], "c": []}


def test_a_quick_fix_changes_its_cell(notebook: Notebook) -> None:
    notebook.open({"a": "x = 1", "b": "y = 1\n", "c": "import os\nz = {}\nfor n in z.keys():\n    print(n)"})
    edit = notebook.resolved("c", 2, "Fix: Iterate over the dictionary", 10)
    assert [one["textDocument"] for one in edit["documentChanges"]] == [{"uri": notebook.cell("c"), "version": 1}]
    notebook.applied(edit)
    assert notebook.text("c") == "import os\nz = {}\nfor n in z:\n    print(n)"
    assert notebook.rules("c", 2) == ["unused-import"]
    notebook.applied(notebook.resolved("c", 0, "Suppress unused-import here", 8))
    assert notebook.text("c").startswith("import os  # backend-team: ignore[unused-import]\n")
    assert notebook.rules("c", 3) == []


def test_the_last_line_of_a_cell_can_go(notebook: Notebook) -> None:
    notebook.open({"a": "x = 1\nimport os", "b": "x"})
    notebook.applied(notebook.resolved("a", 1, "Fix: Unused import", 8))
    assert notebook.text("a") == "x = 1"
    assert notebook.rules("a", 2) == []


def test_fix_all_changes_all_cells(notebook: Notebook) -> None:
    notebook.open({"a": MANY, "b": "%matplotlib inline\nz = {}\nfor n in z.keys():\n    print(n)"})
    notebook.applied(notebook.resolved("a", 1, "Fix all safe findings in this notebook"))
    assert notebook.text("a") == "import os\nprint(os.name)\n"
    assert notebook.text("b") == "%matplotlib inline\nz = {}\nfor n in z:\n    print(n)"
    assert notebook.rules("a", 2) == []
    assert notebook.rules("b", 2) == []


def test_imports_are_organised_within_their_cells(notebook: Notebook) -> None:
    cells = {"a": "import sys\nimport os", "b": "import json\nimport abc", "c": "os, sys, json, abc"}
    assert notebook.open(cells) == {"a": ["unsorted-imports"], "b": ["unsorted-imports"], "c": []}
    notebook.applied(notebook.resolved("a", 0, "Organize imports"))
    assert (notebook.text("a"), notebook.text("b")) == ("import os\nimport sys", "import abc\nimport json")
    assert notebook.rules("a", 2) == []
    assert notebook.rules("b", 2) == []


def test_an_editor_can_fix_a_notebook_as_a_whole(notebook: Notebook) -> None:
    notebook.open({"a": "z = {}\nfor n in z.keys():\n    print(n)", "b": "import sys\nimport os", "c": "sys, os"})
    kinds = notebook.client.capabilities["codeActionProvider"]["codeActionKinds"]
    for kind, cell in (("fixAll", "a"), ("organizeImports", "b")):
        wanted = f"notebook.source.{kind}"
        (found,) = notebook.client.actions(notebook.cell("a"), 0, only=[wanted], triggerKind=2)
        assert found["kind"] == f"{wanted}.backendTeam"
        assert found["kind"] in kinds
        edit = notebook.client.request("codeAction/resolve", found)["edit"]
        assert notebook.cell(cell) in [one["textDocument"]["uri"] for one in edit["documentChanges"]]
    notebook.applied(edit)
    assert notebook.text("b") == "import os\nimport sys"
    assert notebook.rules("b", 2) == []


def test_an_old_action_is_refused(notebook: Notebook) -> None:
    notebook.open({"a": "import os", "b": "x = 1"})
    (found,) = [
        one
        for one in notebook.client.actions(notebook.cell("a"), 0, 8)
        if one["title"].startswith("Fix: Unused import")
    ]
    notebook.type("b", insertion(0, 0, " "))
    with pytest.raises(Refused, match="has changed since"):
        notebook.client.request("codeAction/resolve", found)


def test_what_would_come_before_a_cell_magic_is_withheld(notebook: Notebook) -> None:
    notebook.open({"a": "%%time\nimport os"})
    with pytest.raises(Refused, match="must stay the first"):
        notebook.resolved("a", 1, "Suppress unused-import in this notebook", 8)
    notebook.client.notification("window/showMessage", lambda shown: "must stay the first" in shown["message"])


def test_fix_file_takes_a_cell_for_its_notebook(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    client = notebook.client
    notebook.open({"a": "import os", "b": "import sys\nx = 1"})
    monkeypatch.setattr(client, "apply", notebook.applied)
    command = "backendTeam.server.fixFile"
    assert client.execute(command, {"uri": notebook.cell("b"), "version": 1}) == {"applied": 2, "withheld": []}
    assert (notebook.text("a"), notebook.text("b")) == ("", "x = 1")
    assert notebook.rules("a", 2) == []
    assert notebook.rules("b", 2) == []
    with pytest.raises(Refused, match="has changed since"):
        client.execute(command, {"uri": notebook.cell("b"), "version": 1})


def test_closing_clears_all_cells(notebook: Notebook) -> None:
    notebook.open({"a": "import os", "b": "x = 1", "c": "y = x == None"})
    notebook.close()
    assert notebook.rules("a", None) == []
    assert notebook.rules("c", None) == []
    assert notebook.client.execute("backendTeam.server.showStatus", {})["findings"] == 0
    assert notebook.open({"a": "import os"}) == {"a": ["unused-import"]}


def test_settings_of_the_folder_hold(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "backend-team.toml").write_text('ignore = ["unused-import"]\n')
    notebook = Notebook(start(capabilities=WITH_NOTEBOOKS))
    assert notebook.open({"a": "import os\na = f() == None"}) == {"a": ["comparison-to-none"]}
    (folder / "backend-team.toml").write_text("ignore = []\n")
    uri = notebook.client.uri("backend-team.toml")
    notebook.client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 2}]})
    assert sorted(notebook.rules("a", 1)) == ["comparison-to-none", "unused-import"]


def test_a_cell_without_its_notebook_stands_alone(client: Client) -> None:
    uri = "vscode-notebook-cell:/a.ipynb#a"
    assert [item["code"] for item in client.open(uri, "import os")] == ["unused-import"]
    client.forget(uri)


def test_a_large_notebook_is_analysed_beside_the_loop(notebook: Notebook) -> None:
    cells = {"a": "import os", **{f"c{number}": "x = 1\n" * 900 for number in range(8)}, "last": "os.name"}
    assert {name: found for name, found in notebook.open(cells).items() if found} == {}
    assert notebook.type("last", insertion(0, 0, "# ")) == []
    assert notebook.rules("a", 1) == ["unused-import"]


def test_a_client_that_pulls_asks_by_cell(start: Callable[..., Client]) -> None:
    client = start(capabilities=WITH_NOTEBOOKS | {"textDocument": {"diagnostic": {}}})
    uri = "vscode-notebook-cell:/a.ipynb#a"
    notebook = {"uri": "untitled:a.ipynb", "notebookType": "x", "version": 1, "cells": [{"kind": 2, "document": uri}]}
    document = {"uri": uri, "languageId": "python", "version": 1, "text": "import os"}
    client.notify("notebookDocument/didOpen", {"notebookDocument": notebook, "cellTextDocuments": [document]})
    found = client.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    assert [item["code"] for item in found["items"]] == ["unused-import"]


def test_fix_workspace_leaves_notebooks_alone(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "a.py").write_text("import os\n")
    client = start(capabilities=WITH_NOTEBOOKS)
    client.forgo()
    notebook = Notebook(client)
    assert notebook.open({"a": "import os"}) == {"a": ["unused-import"]}
    done = client.execute("backendTeam.server.fixWorkspace", {})
    assert (done["files"], done["applied"]) == (1, 1)
    assert notebook.text("a") == "import os"
    titles = [one["title"] for one in client.actions(notebook.cell("a"), 0, 8)]
    assert "Fix all findings of unused-import in the workspace" not in titles
    assert "Suppress unused-import in this notebook" in titles


@pytest.mark.parametrize("encoding", ["utf-8", "utf-32"])
def test_positions_are_counted_as_agreed(start: Callable[..., Client], encoding: str) -> None:
    client = start(capabilities=WITH_NOTEBOOKS | {"general": {"positionEncodings": [encoding]}})
    notebook = Notebook(client)
    notebook.open({"a": "x = f()\r\n", "b": "!ls 😀\r\na = '😀', x == None\r\n"})
    assert notebook.type("b", insertion(1, 0, "b = 1; ")) == ["comparison-to-none"]
    edit = notebook.resolved(
        "b", 1, "Fix: Compare to None", len("b = 1; a = '😀', x".encode()) + 2 if encoding == "utf-8" else 19
    )
    notebook.applied(edit)
    assert notebook.text("b") == "!ls 😀\r\nb = 1; a = '😀', x is None\r\n"
    assert notebook.rules("b", 3) == []
