"""The command line as a process of its own, and the untidy file most tests clean."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "backend_team"]

UNTIDY = """\
import os


def last(items=[]):
    if items == None:
        return None
    else:
        return items[-1]
"""


@dataclass(frozen=True)
class Done:
    """How a process ended and what it printed."""

    code: int
    bytes: bytes
    err: str

    @property
    def out(self) -> str:
        return self.bytes.decode()


def run(folder: Path, *arguments: str, stdin: bytes = b"", **environment: str) -> Done:
    """Run the command in a folder; it never prints a traceback."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=120,
        check=False,
    )
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    return Done(done.returncode, done.stdout, said)
