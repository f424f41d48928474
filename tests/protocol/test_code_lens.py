"""Code lenses: how much was found in a file and in its functions, and what a click on them does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from backend_team.lsp import protocol
from tests.protocol.client import CAPABILITIES, Client, insertion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLACE = {"line": 0, "character": 0}
SHOP = """import os


class Order:
    note = "😀"; paid = None == note

    @property
    def total(self):
        def plain(x):
            return x == None

        return plain(self) == None


def fine():
    return 1
"""


def lenses(client: Client, name: str) -> dict[tuple[int, str], dict[str, Any]]:
    """The lenses of a document, by line and title."""
    found = client.request("textDocument/codeLens", {"textDocument": {"uri": client.uri(name)}})
    return {(lens["range"]["start"]["line"], lens["command"]["title"]): lens["command"] for lens in found}


def test_a_file_and_its_functions_say_how_much_was_found(folder: Path, start: Callable[..., Client]) -> None:
    client = start()
    items = client.open("a.py", SHOP)
    found = lenses(client, "a.py")
    assert [*found] == [
        (0, f"{len(items)} findings in this file"),
        (0, "Fix 1 safely"),
        (6, "2 findings"),
        (8, "1 finding"),
    ]
    assert {command["command"] for command in found.values()} == {"", protocol.FIX_FILE}
    command = found[0, "Fix 1 safely"]
    client.execute(command["command"], command["arguments"][0])
    assert client.texts[client.uri("a.py")] == SHOP.removeprefix("import os\n\n\n")
    assert len(client.diagnostics(client.uri("a.py"), 2)) == 3
    assert (0, "3 findings in this file") in lenses(client, "a.py")


def test_a_click_shows_them_where_the_client_can(folder: Path, start: Callable[..., Client]) -> None:
    client = start(initializationOptions={"commands": [protocol.CLIENT_SHOW_FINDINGS]})
    client.open("a.py", SHOP)
    (place,) = lenses(client, "a.py")[6, "2 findings"]["arguments"]
    assert place == {
        "uri": client.uri("a.py"),
        "line": 6,
        "character": 4,
        "endLine": 11,
        "endCharacter": len("        return plain(self) == None"),
    }


def test_they_follow_edits_and_a_broken_file_offers_no_fix(folder: Path, start: Callable[..., Client]) -> None:
    client = start()
    client.open("a.py", SHOP)
    client.change(client.uri("a.py"), insertion(13, 0, "def more(q):\n    return q == None\n\n\n"))
    assert (13, "1 finding") in lenses(client, "a.py")
    client.change(client.uri("a.py"), insertion(14, 4, "new = ("))
    titles = [title for _, title in lenses(client, "a.py")]
    assert any(title.endswith("in this file") for title in titles)
    assert not any(title.startswith("Fix") for title in titles)


@pytest.mark.parametrize("name", ["closed.py", "clean.py"])
def test_there_are_none_without_findings(folder: Path, start: Callable[..., Client], name: str) -> None:
    client = start()
    if name == "clean.py":
        client.open(name, "def fine():\n    return 1\n")
    assert lenses(client, name) == {}


def test_a_large_file_is_answered_for_when_it_was_analysed(folder: Path, start: Callable[..., Client]) -> None:
    client = start()
    uri, text = client.uri("large.py"), SHOP + "x = 1\n" * 30_000
    client.texts[uri], client.versions[uri] = text, 1
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    assert (6, "2 findings") in lenses(client, "large.py")
    client.diagnostics(uri, 1)


@pytest.mark.parametrize("refuses", [False, True])
def test_the_client_is_asked_to_ask_again_when_settings_change(
    folder: Path, start: Callable[..., Client], refuses: bool
) -> None:
    workspace = CAPABILITIES.get("workspace", {}) | {"codeLens": {"refreshSupport": True}}
    client = start(capabilities=CAPABILITIES | {"workspace": workspace})
    client.unable = {"workspace/codeLens/refresh"} if refuses else set()
    client.open("a.py", SHOP)
    assert lenses(client, "a.py")
    (folder / "backend-team.toml").write_text('ignore = ["comparison-to-none", "unused-import"]\n')
    client.notify(
        "workspace/didChangeWatchedFiles",
        {"changes": [{"uri": client.uri("backend-team.toml"), "type": 1}]},
    )
    client.diagnostics(client.uri("a.py"), 1)
    assert lenses(client, "a.py") == {}
    client.request("textDocument/hover", {"textDocument": {"uri": client.uri("a.py")}, "position": PLACE})
    assert "workspace/codeLens/refresh" in client.asked
    if refuses:  # a line in the log, and nothing that a person has to click away
        assert client.finish() == 0
        assert client.log.count(b"unhandled method") == 1
        client.log = b""
