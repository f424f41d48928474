"""The baseline of a project in the editor, and results that are kept between starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from backend_team.rules.load import load_rules
from backend_team.settings import Resolver
from backend_team.workspace.results import Results
from tests.protocol.client import Client, insertion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHECK = "backendTeam.server.checkWorkspace"
WRITE = "backendTeam.server.writeBaseline"
NONE = "x = load()\nif x == None:\n    x = 1\n"
SETTINGS = '[tool.backend-team]\nbaseline = "known.txt"\n'


def codes(items: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(item["code"], item["range"]["start"]["line"]) for item in items]


@pytest.mark.parametrize("filler", ["", "# filler\n" * 4_000], ids=["short", "large"])
def test_known_findings_are_not_shown(folder: Path, start: Callable[..., Client], filler: str) -> None:
    (folder / "pyproject.toml").write_text(SETTINGS)
    (folder / "known.txt").write_text("# backend-team baseline 1\n")
    for name in ("a.py", "closed.py"):
        (folder / name).write_text(NONE + filler)
    client = start()
    uri = client.uri("a.py")
    for name in ("a.py", "closed.py"):
        assert codes(client.diagnostics(client.uri(name), None)) == [("comparison-to-none", 1)]
    assert codes(client.open("a.py", NONE + filler)) == [("comparison-to-none", 1)]
    result = client.execute(WRITE, {}, workDoneToken="t")
    assert result["findings"] == 2
    assert result["inUse"] is True
    assert (folder / "known.txt").read_text().count("comparison-to-none") == 2
    assert client.notification("$/progress")["value"]["kind"] == "begin"
    while client.notification("$/progress")["value"]["kind"] != "end":
        pass
    while client.diagnostics(client.uri("closed.py"), None):
        pass
    while client.diagnostics(uri, 1):
        pass
    assert client.actions(uri, 1, 4) == []
    assert codes(client.change(uri, insertion(0, 0, "y = load()\nif y == None: pass\n"))) == [("comparison-to-none", 1)]
    assert (
        client.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 3, "character": 4}})
        is None
    )
    (folder / "known.txt").write_text("# backend-team baseline 1\n")
    while codes(client.diagnostics(uri, 2)) != [("comparison-to-none", 1), ("comparison-to-none", 3)]:
        pass
    assert codes(client.diagnostics(client.uri("closed.py"), None)) == [("comparison-to-none", 1)]
    client.forgo()


def test_a_baseline_that_is_absent_is_said_once(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "pyproject.toml").write_text(SETTINGS)
    client = start()
    assert "there is no baseline" in client.notification("window/showMessage")["message"]
    assert len(client.open("a.py", NONE)) == 1
    client.log = b""


def test_known_results_are_used_again(folder: Path, start: Callable[..., Client]) -> None:
    for number in range(30):
        (folder / f"m{number}.py").write_text(NONE * (1 + number % 3))
    seen = []
    for _ in range(2):
        client = start()
        found = {n: codes(client.diagnostics(client.uri(f"m{n}.py"), None)) for n in range(30)}
        seen.append(found)
        client.forgo()  # the first server may see what changes while the second one works
    assert seen[0] == seen[1]
    assert {len(found) for found in seen[0].values()} == {1, 2, 3}
    with Results.of_this_machine() as results:
        for path in folder.iterdir():
            assert results.find(str(path), load_rules().digest, Resolver().of(path)) is not None
    (folder / "m3.py").write_text("x = 1\n")
    result = client.execute(CHECK, {})
    assert result["findings"] == sum(map(len, seen[0].values())) - 1
