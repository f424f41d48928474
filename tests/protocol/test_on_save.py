"""Fixes on save never take away a name that was typed since the last commit."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from backend_team.errors import BackendTeamError
from backend_team.lsp.caution import added_lines
from backend_team.workspace.git import committed
from tests.protocol.client import CAPABILITIES, Client

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OLD = "import os\nimport abc\n\ntotals: dict[str, int] = {}\nfor name in totals.keys():\n    print(name)\n"
NEW = "import json\nfrom re import compile, sub\n" + OLD
CAREFUL = "import abc\nimport json\nimport os\nfrom re import compile, sub\n"


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.hooksPath=/dev/null")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def saved(client: Client, kind: str, trigger: int) -> str:
    uri = client.uri("a.py")
    (found,) = client.actions(uri, 0, 0, only=[kind], triggerKind=trigger)
    client.apply(client.request("codeAction/resolve", found)["edit"])
    return client.texts[uri]


@pytest.mark.parametrize("kind", ["source.fixAll", "source.organizeImports"])
@pytest.mark.parametrize("where", ["committed", "saved", "untracked"])
def test_what_was_typed_stays(folder: Path, start: Callable[..., Client], where: str, kind: str) -> None:
    (folder / "a.py").write_text(OLD)
    if where != "saved":
        git(folder, "init", "-q")
        if where == "committed":
            git(folder, "add", ".")
            git(folder, "commit", "-qm", "x")
    client = start()
    client.open("a.py", NEW)
    text = saved(client, kind, 2)
    names = ("json", "sub") + (("os", "abc") if where == "untracked" else ())
    for name in names:
        assert name in text.partition("totals")[0]
    if where != "untracked":
        assert "import os" not in text
        assert "import abc" not in text
    assert (".keys()" in text) is (kind != "source.fixAll")
    client.forgo()


def test_a_person_who_asks_gets_all(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "a.py").write_text(OLD)
    client = start()
    client.open("a.py", NEW)
    assert "import" not in saved(client, "source.fixAll", 1)
    client.forgo()


def test_the_light_bulb_is_for_a_person(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "a.py").write_text(OLD)
    client = start()
    client.open("a.py", NEW)
    listed = client.actions(client.uri("a.py"), 0, 0, triggerKind=2)
    (found,) = [one for one in listed if one["kind"].startswith("source.fixAll")]
    client.apply(client.request("codeAction/resolve", found)["edit"])
    assert "import" not in client.texts[client.uri("a.py")]
    client.forgo()


def test_what_git_has(folder: Path) -> None:
    git(folder, "init", "-q")
    (folder / "inner [x]").mkdir()
    (folder / "inner [x]" / "ä b.py").write_bytes(b"x = 1\r\n")
    assert committed(folder / "inner [x]" / "ä b.py") is None
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "x")
    assert committed(folder / "inner [x]" / "ä b.py") == b"x = 1\r\n"
    assert committed(folder / "inner [x]" / "c.py") is None
    assert committed(folder / "inner [x]") is None
    with pytest.raises(BackendTeamError):
        committed(folder.parent / "a.py")


def test_for_clients_that_resolve_nothing(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "a.py").write_text(OLD)
    client = start(capabilities={"workspace": CAPABILITIES["workspace"]})
    client.open("a.py", NEW)
    (found,) = client.actions(client.uri("a.py"), 0, 0, only=["source.fixAll"], triggerKind=2)
    command = found["command"]
    client.request("workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]})
    text = client.texts[client.uri("a.py")]
    assert "import json" in text
    assert "import os" not in text
    client.forgo()


@pytest.mark.parametrize(
    ("before", "now", "added"),
    [("", "", ""), ("ab", "ab", ""), ("", "ab", "01"), ("ab", "axb", "1"), ("ab", "xab", "0"), ("abc", "axc", "1")],
)
def test_added_lines(before: str, now: str, added: str) -> None:
    assert added_lines(list(before), list(now)) == {int(one) for one in added}
