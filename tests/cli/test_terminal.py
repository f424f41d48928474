"""On a terminal: colours, progress that leaves no trace, pages as pages."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from typing import TYPE_CHECKING

from tests.cli.command import COMMAND, UNTIDY

if TYPE_CHECKING:
    from pathlib import Path


def on_terminal(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the command with all its streams on a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "", "FORCE_COLOR": "", "COLUMNS": "100"}
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        said = b""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and select.select([ours], [], [], 60)[0]:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # how a terminal says that nobody is left
                break
            if not piece:
                break
            said += piece
        os.close(ours)
        return process.wait(30), said.decode().replace("\r\n", "\n")


def test_findings_are_coloured(project: Path) -> None:
    code, said = on_terminal(project, "check")
    assert code == 1
    assert "\x1b[33mwarning\x1b[0m" in said
    assert "untidy.py:1:8:" in said


def test_differences_are_coloured(project: Path) -> None:
    _, said = on_terminal(project, "fix", "--diff")
    assert "\x1b[31m-import os\x1b[0m" in said


def test_progress_is_shown_and_taken_away(project: Path) -> None:
    for number in range(150):
        (project / f"file{number}.py").write_text(UNTIDY * 30)
    _, said = on_terminal(project, "check", "--jobs", "1", "--no-cache", "--format", "github")
    assert re.search(r"Checking \d+ of 151 files", said)
    for line in said.split("\n"):
        assert line.count("Checking") == 0 or line.rindex("\x1b[K") > line.rindex("Checking"), "the line is cleared"
        assert "files::" not in line


def test_pages_are_rendered(project: Path) -> None:
    code, said = on_terminal(project, "explain", "unused-import")
    plain = re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", said)
    assert code == 0
    assert "unused-import" in plain
    assert "# unused-import" not in plain
    assert "```" not in plain
    assert "import sys" in plain
