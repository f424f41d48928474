"""Writes what installed editors send as `initialize` to tests/protocol/profiles: `python -m tests.editors.record`.

`python -m tests.editors.record FILE NAME` makes a profile of a file that `relay.py` wrote: VS Code's was written with
`backendTeam.server.command` set to the relay.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.editors import headless

PROFILES = headless.ROOT / "tests" / "protocol" / "profiles"
PERSONAL = ("processId", "rootPath", "rootUri", "workspaceFolders", "locale")
EDITORS = {"neovim-0.11": headless.newer_neovim, "neovim-0.7": headless.older_neovim, "eglot-1.9": headless.emacs}


def impersonal(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters of `initialize` without what belongs to one machine."""
    return {key: value for key, value in params.items() if key not in PERSONAL}


def record(editor: headless.Editor, home: Path) -> dict[str, Any]:
    """What an editor sends when it opens a Python file."""
    (home / "shop").mkdir()
    (home / "shop" / "cart.py").write_text("import os\n")
    played = headless.play(editor, home / "shop", home / "home", relay=home / "initialize.json")
    kept = home / "initialize.json"
    assert kept.exists(), played.said
    return impersonal(json.loads(kept.read_text()))


def _write(name: str, params: dict[str, Any]) -> None:
    path = PROFILES / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(params, indent=2, ensure_ascii=False, sort_keys=True) + "\n")
    print(path.relative_to(headless.ROOT))


def main() -> None:
    """Record the editors that are installed, or the one file that is named."""
    if sys.argv[1:]:
        file, name = sys.argv[1:]
        return _write(name, impersonal(json.loads(Path(file).read_text())))
    for name, find in EDITORS.items():
        try:
            editor = find()
        except headless.Absent as absent:
            print(absent)
            continue
        with tempfile.TemporaryDirectory() as home:
            _write(name, record(editor, Path(home)))
    return None


if __name__ == "__main__":
    main()
