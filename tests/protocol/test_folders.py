"""Folders that come and go while the server runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.protocol.client import Client

RULES = 300
LONGEST = 0.25  # seconds; the rules of the folder take several times as long
RULE = """id: mine-{0}
title: Ours, not theirs
why: Theirs is gone.
severity: warning
pattern: theirs_{0}($X)
fix: ours_{0}($X)
safety: safe
examples:
  - before: theirs_{0}(1)
    after: ours_{0}(1)
"""


def _event(added: list[Path], removed: list[Path]) -> dict[str, Any]:
    def named(folders: list[Path]) -> list[dict[str, str]]:
        return [{"uri": each.as_uri(), "name": each.name} for each in folders]

    return {"event": {"added": named(added), "removed": named(removed)}}


def _with_rules(folder: Path) -> Path:
    rules = folder / ".backend-team" / "rules"
    rules.mkdir(parents=True)
    for number in range(RULES):
        (rules / f"mine-{number}.yaml").write_text(RULE.format(number))
    (folder / "a.py").write_text("theirs_7(1)\n")
    return folder


def test_a_folder_is_read_beside_the_loop(tmp_path: Path, client: Client) -> None:
    added = _with_rules(tmp_path / "second")
    started = len(client.log)
    client.notify("workspace/didChangeWorkspaceFolders", _event([added], []))
    assert client.open("b.py", "x = 1\n") == []
    (found,) = client.diagnostics((added / "a.py").as_uri(), None)
    assert found["code"] == "mine-7"
    turns = [float(took) for took in re.findall(rb"took ([0-9.]+) seconds", client.log[started:])]
    assert max(turns, default=0.0) < LONGEST, client.log[started:].decode()


def test_a_folder_that_goes_before_it_was_read(tmp_path: Path, start: Callable[..., Client]) -> None:
    client = start()
    added = _with_rules(tmp_path / "second")
    client.notify("workspace/didChangeWorkspaceFolders", _event([added], []))
    client.notify("workspace/didChangeWorkspaceFolders", _event([], [added]))
    assert client.execute("backendTeam.server.checkWorkspace", {})["files"] == 0
    while client.notification("$/progress")["value"]["kind"] != "end":
        pass
    client.notify("workspace/didChangeWorkspaceFolders", _event([added], []))
    (found,) = client.diagnostics((added / "a.py").as_uri(), None)
    assert found["code"] == "mine-7"
    client.notify("workspace/didChangeWorkspaceFolders", _event([], [added]))
    assert client.diagnostics((added / "a.py").as_uri(), None) == []
