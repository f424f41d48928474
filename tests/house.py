"""Checks of the house itself: `python -m tests.house` prints what is wrong and ends with 1.

Every module stands in the map of ARCHITECTURE.md with the first line of its docstring (`--map` writes it anew), no
tracked file names a package registry or an absolute path of a developer's machine, no file outgrows its room, every
setting is documented in README.md.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.rules.load import load_rules
from backend_team.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 450  # lines; a file beyond has more than one subject

PARTS = {
    "cli": "Command line (`cli/`)",
    "lsp": "Language server (`lsp/`)",
    "hosted": "Hosted API (`hosted/`)",
    "assist": "AI suggestions (`assist/`)",
    "client": "Client of the hosted API (`client/`)",
    "workspace": "Workspace (`workspace/`)",
    "fixes": "Fixes (`fixes/`)",
    "analysis": "Analysis (`analysis/`)",
    "templates": "Templates (`templates/`)",
    "checks": "Checks (`checks/`): what they share; each rule that a pattern can't say has a file of its own",
    "rules": "Rules (`rules/`)",
    "settings": "Settings (`settings/`)",
    "": "Foundations",
}
_BEGIN, _END = "<!-- map -->\n", "<!-- end of map -->\n"
_REGISTRY = re.compile(r"https?://[^\s\"']*(?:pypi\.org|pythonhosted|npmjs|/simple/|debian\.org/debian)")
_FOREIGN = re.compile(r"/(?:root|home)/[a-z]|/work/")


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def module_map() -> str:
    """The map of all modules, a table for each part."""
    package = ROOT / "server" / "backend_team"
    rows: dict[str, list[str]] = {part: [] for part in PARTS}
    named = {rule.check.replace("-", "_") for rule in load_rules() if rule.check is not None}
    for path in sorted(_tracked()):
        if path.suffix != ".py" or package not in path.parents or path.name == "__init__.py":
            continue
        within = path.relative_to(package)
        part = within.parts[0] if len(within.parts) > 1 else ""
        # A check that a rule file names is in the map through its rule.
        if part != "checks" or within.stem not in named:
            title = (ast.get_docstring(ast.parse(path.read_text())) or "").split("\n")[0].replace("|", "\\|")
            rows[part].append(f"| `{within.as_posix()}` | {title} |\n")
    tables = (
        f"### {title}\n\n| file | what it is |\n|---|---|\n{''.join(rows[part])}\n" for part, title in PARTS.items()
    )
    return "".join(tables)


def _map_of(page: str) -> tuple[int, int]:
    return page.index(_BEGIN) + len(_BEGIN), page.index(_END)


def complaints() -> Iterator[str]:
    """Everything that is wrong, a line each."""
    architecture = (ROOT / "ARCHITECTURE.md").read_text()
    readme = (ROOT / "README.md").read_text()
    start, end = _map_of(architecture)
    if architecture[start:end] != module_map():
        yield "ARCHITECTURE.md: the map is not of these modules; python -m tests.house --map writes it"
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
    for setting in fields(Settings):
        if setting.name.replace("_", "-") not in readme:
            yield f"setting {setting.name}: not in README.md"


if __name__ == "__main__":
    if "--map" in sys.argv:
        page = ROOT / "ARCHITECTURE.md"
        written = page.read_text()
        begin, stop = _map_of(written)
        page.write_text(written[:begin] + module_map() + written[stop:])
    found = list(complaints())
    print("\n".join(found) or "The house is in order.")
    sys.exit(bool(found))
