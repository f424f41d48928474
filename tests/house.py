"""Checks of the house itself: `python -m tests.house` prints what is wrong and ends with 1.

Every module stands in ARCHITECTURE.md, no tracked file names a package registry or an absolute path of a developer's
machine, no file outgrows its room, every setting is documented in README.md.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 450  # lines; a file beyond has more than one subject

_REGISTRY = re.compile(r"https?://[^\s\"']*(?:pypi\.org|pythonhosted|npmjs|/simple/|debian\.org/debian)")
_FOREIGN = re.compile(r"/(?:root|home)/[a-z]|/work/")


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def complaints() -> Iterator[str]:
    """Everything that is wrong, a line each."""
    architecture = (ROOT / "ARCHITECTURE.md").read_text()
    readme = (ROOT / "README.md").read_text()
    package = ROOT / "server" / "backend_team"
    for path in _tracked():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in {".png", ".ico", ".svg"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if name != "tests/house.py":
            for number, line in enumerate(text.splitlines(), start=1):
                if _REGISTRY.search(line):
                    yield f"{name}:{number}: address of a package registry"
                if _FOREIGN.search(line) and name.startswith(("server/", "client-vscode/src", "README", "ARCH")):
                    yield f"{name}:{number}: absolute path of a machine"
        if path.suffix in {".py", ".ts", ".mjs"} and len(text.splitlines()) > LONGEST:
            yield f"{name}: {len(text.splitlines())} lines; more than {LONGEST} is more than one subject"
        if path.suffix == ".py" and package in path.parents and path.name != "__init__.py":
            within = path.relative_to(package).as_posix()
            if not within.startswith("checks/") and f"`{within}`" not in architecture:
                yield f"{name}: not in ARCHITECTURE.md"
    for setting in fields(Settings):
        if setting.name.replace("_", "-") not in readme:
            yield f"setting {setting.name}: not in README.md"


if __name__ == "__main__":
    found = list(complaints())
    print("\n".join(found) or "The house is in order.")
    sys.exit(bool(found))
