"""The status: the quality score of the workspace, what runs, and rules that stand down for Ruff."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

from backend_team.rules.load import load_rules
from backend_team.version import VERSION
from tests.protocol.client import Client, insertion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STATUS = "backendTeam.server.showStatus"
SAID = "backendTeam/status"
NONE = "x = load()\nif x == None:\n    x = 1\n"  # a warning
LINES = "y = 1\n" * 97
ERROR = "def f(:\n"
CODE = "import os\n\nx = load()\nif x == None:\n    x = 1\n"


def codes(items: list[dict[str, Any]]) -> set[str]:
    return {item["code"] for item in items}


def score(client: Client) -> float:
    found: float = client.execute(STATUS, {})["score"]
    return found


def test_the_score_follows_what_is_shown(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "clean.py").write_text(LINES + "z = 1\n" * 3)
    client = start()
    client.forgo()
    assert score(client) == 100
    client.open("a.py", NONE + LINES)  # 1 finding in 200 lines
    one = score(client)
    assert one == round(10_000 / (100 + 1000 / 200), 1) == 95.2
    client.change(client.uri("a.py"), insertion(0, 0, NONE))  # 2 in 203
    assert score(client) == round(10_000 / (100 + 2000 / 203), 1)
    client.change(client.uri("a.py"), {"range": whole(3), "text": ""})
    assert score(client) == one
    client.open("broken.py", ERROR * 4)  # how many errors is said of it: five times as much each
    assert score(client) < 90


def whole(lines: int) -> dict[str, Any]:
    return {"start": {"line": 0, "character": 0}, "end": {"line": lines, "character": 0}}


def test_the_score_counts_closed_files(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "a.py").write_text(NONE + LINES)
    for _ in range(2):  # the second server takes what the first has found
        client = start()
        client.forgo()
        assert score(client) == 90.9
        client.open("a.py", NONE + LINES)
        assert score(client) == 90.9
        client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("a.py")}})
        assert client.diagnostics(client.uri("a.py"), None)
        assert score(client) == 90.9
    (folder / "a.py").unlink()
    client.notification(SAID, lambda status: status["score"] == 100)
    (folder / "part").mkdir()
    (folder / "part" / "b.py").write_text(NONE)
    client.notification(SAID, lambda status: 0 < status["score"] < 50)
    (folder / "backend-team.toml").write_text('exclude = ["part"]\n')
    client.notification(SAID, lambda status: status["score"] == 100)


def test_the_status_names_what_runs(client: Client) -> None:
    rules = load_rules()
    assert client.execute(STATUS, {})["versions"] == {
        "server": VERSION,
        "python": platform.python_version(),
        "rules": len(rules),
        "ruleSet": rules.digest[:12],
    }


def test_rules_stand_down_for_ruff(folder: Path, start: Callable[..., Client]) -> None:
    (folder / "closed.py").write_text(CODE)
    client = start()
    client.forgo()
    assert codes(client.diagnostics(client.uri("closed.py"), None)) == {"unused-import", "comparison-to-none"}
    assert codes(client.open("a.py", CODE)) == {"unused-import", "comparison-to-none"}
    assert client.execute(STATUS, {})["standsDown"] == {"rules": 0, "tools": []}
    (folder / "ruff.toml").write_text('lint.select = ["F401"]\n')
    assert codes(client.diagnostics(client.uri("closed.py"), None)) == {"comparison-to-none"}
    while codes(client.diagnostics(client.uri("a.py"), 1)) != {"comparison-to-none"}:
        pass
    said = client.notification(SAID, lambda status: status["standsDown"]["rules"] > 0)
    assert said["standsDown"] == {"rules": 1, "tools": ["ruff"]}
    (folder / "backend-team.toml").write_text('stand-down = "never"\n')
    while codes(client.diagnostics(client.uri("a.py"), 1)) != {"unused-import", "comparison-to-none"}:
        pass
    client.notification(SAID, lambda status: status["standsDown"]["rules"] == 0)


def test_rules_stand_down_in_a_part_of_the_workspace(folder: Path, start: Callable[..., Client]) -> None:
    for name in ("mine", "theirs"):
        (folder / name).mkdir()
        (folder / name / "closed.py").write_text(CODE)
    (folder / "theirs" / "pyproject.toml").write_text('[tool.ruff.lint]\nselect = ["F"]\n')
    client = start()
    client.forgo()
    assert codes(client.open("mine/a.py", CODE)) == {"unused-import", "comparison-to-none"}
    assert codes(client.open("theirs/a.py", CODE)) == {"comparison-to-none"}
    assert codes(client.diagnostics(client.uri("theirs/closed.py"), None)) == {"comparison-to-none"}
    assert client.execute(STATUS, {})["standsDown"]["tools"] == ["ruff"]
