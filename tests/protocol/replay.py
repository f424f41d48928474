"""An hour's work, replayed: random edits, undo, saves, renames, other tools and switches of branches, in a real server.

At the end what the client was shown must be what a new server shows of the same files and documents.
"""

from __future__ import annotations

import ast
import json
import os
import random
import shutil
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.protocol.client import Client

SOURCES = (
    "argparse",
    "textwrap",
    "json/decoder",
    "shlex",
    "configparser",
    "csv",
    "difflib",
    "string",
    "queue",
    "sched",
)
PIECES = [
    "x",
    "\n",
    "    ",
    "(",
    ")",
    ":",
    "# note\n",
    "é",
    '"',
    "if x == None:\n        pass\n",
    "import os\n",
    " = 1",
]
AUTHOR = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
QUIET = 2.0  # seconds without a message: the server has looked at all


def workspace(folder: Path, copies: int) -> None:
    """A repository of real modules with two branches between which most files differ."""
    library = Path(os.__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(copies):
        part = folder / f"part{number}"
        part.mkdir()
        for name in SOURCES:
            shutil.copy(library / f"{name}.py", part / f"{Path(name).name}.py")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, *AUTHOR, "commit", "-qm", "one")
    git(folder, "checkout", "-qb", "other")
    for path in sorted(folder.rglob("*.py"))[::2]:
        text = path.read_text(encoding="utf-8")
        path.write_text(text + "\n\ndef added(value):\n    return value == None\n", encoding="utf-8")
    git(folder, *AUTHOR, "commit", "-qam", "two")
    git(folder, "checkout", "-q", "main")


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder."""
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


@dataclass
class Open:
    """An open document: its text, and what leads back to the texts before."""

    text: str
    undo: list[tuple[int, str, str]] = field(default_factory=list)  # place, what had been there, what was put there


class Player:
    """Plays in one server what a person does, and remembers what is on the screen."""

    def __init__(self, folder: Path, state: Path, seed: int) -> None:
        self.folder = folder
        self.state = state
        self.chance = random.Random(seed)
        self.open: dict[Path, Open] = {}
        self.screen: dict[str, list[Any]] = {}
        self.branch = "main"
        self.done: dict[str, int] = {}
        self.client = self._start()

    def _start(self) -> Client:
        client = Client(self.folder, {"BACKEND_TEAM_STATE_DIR": str(self.state)}, [sys.executable, "-m", MODULE])
        client.initialize()
        return client

    # What a person does -------------------------------------------------------------------------------------------

    def play(self, edits: int, check: Any = None) -> None:
        """So many edits, and what comes between them; `check` is called a hundred times."""
        others = {self.save: 30, self.change_file: 10, self.open_file: 25, self.close_file: 20, self.rename: 3}
        count = 0
        while count < edits:
            if not self.open or self.chance.random() < 0.04:
                what = self.chance.choices(list(others), list(others.values()))[0]
                if self.chance.random() < 0.04:
                    what = self.switch
                what()
                self.done[what.__name__] = self.done.get(what.__name__, 0) + 1
                continue
            self.edit(self.chance.choice(list(self.open)))
            count += 1
            if check is not None and count % max(1, edits // 100) == 0:
                check(count)

    def edit(self, path: Path) -> None:
        """Type, delete, paste or undo in a document."""
        document = self.open[path]
        if document.undo and self.chance.random() < 0.45:
            place, before, now = _taken_back(document.undo.pop())
        else:
            place = self.chance.randint(0, len(document.text))
            if self.chance.random() < 0.5:
                place = document.text.rfind("\n", 0, place) + 1
            before = document.text[place : place + self.chance.choice([0, 0, 0, 1, 3, 40])]
            now = self.chance.choice([*PIECES, document.text[place - 60 : place] if place > 60 else ""])
            document.undo.append((place, before, now))
        self._replace(path, place, before, now)

    def _replace(self, path: Path, place: int, before: str, now: str) -> None:
        document = self.open[path]
        start, end = (self._position(document.text, at) for at in (place, place + len(before)))
        assert document.text[place : place + len(before)] == before
        document.text = document.text[:place] + now + document.text[place + len(before) :]
        self._changed(path, {"range": {"start": start, "end": end}, "text": now})

    def _changed(self, path: Path, change: dict[str, Any]) -> None:
        uri = path.as_uri()
        self.client.versions[uri] += 1
        document = {"uri": uri, "version": self.client.versions[uri]}
        self.client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        self.screen[uri] = self.client.diagnostics(uri, self.client.versions[uri])
        self.read()

    def save(self) -> None:
        """Save a document."""
        if self.open:
            path = self.chance.choice(list(self.open))
            path.write_bytes(self.open[path].text.encode())
            self.client.notify("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})

    def change_file(self) -> None:
        """Another tool changes a file that is not open."""
        path = self.chance.choice(self.closed())
        path.write_bytes(path.read_bytes() + b"\nvalue = value == None\n")

    def open_file(self) -> None:
        """Open a file."""
        if len(self.open) < 8:
            self._open(self.chance.choice(self.closed()))

    def _open(self, path: Path) -> None:
        text = path.read_bytes().decode()
        uri = path.as_uri()
        self.open[path] = Open(text)
        self.client.versions[uri] = 1
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": document})
        self.screen[uri] = self.client.diagnostics(uri, 1)

    def close_file(self) -> None:
        """Close a document; what was not saved is lost."""
        if self.open:
            self._close(self.chance.choice(list(self.open)))

    def _close(self, path: Path) -> None:
        del self.open[path]
        self.client.notify("textDocument/didClose", {"textDocument": {"uri": path.as_uri()}})

    def rename(self) -> None:
        """Rename a file that is open, as an editor does."""
        if self.open:
            path = self.chance.choice(list(self.open))
            self._close(path)
            target = path.with_name(f"{path.stem}_{self.chance.randint(0, 9)}.py")
            if not target.exists():
                path.rename(target)
                path = target
            self._open(path)

    def switch(self) -> None:
        """Commit all and switch to the other branch; the editor reads its documents again."""
        git(self.folder, "add", "-A")
        git(self.folder, *AUTHOR, "commit", "-qm", "all", "--allow-empty")
        self.branch = "other" if self.branch == "main" else "main"
        git(self.folder, "checkout", "-q", self.branch)
        for path in list(self.open):
            if path.exists():
                text = path.read_bytes().decode()
                self.open[path] = Open(text)
                self._changed(path, {"text": text})
            else:
                self._close(path)

    def closed(self) -> list[Path]:
        """The files that are not open."""
        return [path for path in sorted(self.folder.rglob("*.py")) if path not in self.open]

    @staticmethod
    def _position(text: str, place: int) -> dict[str, int]:
        line = text.count("\n", 0, place)
        row = text[text.rfind("\n", 0, place) + 1 : place]
        return {"line": line, "character": len(row.encode("utf-16-le")) // 2}

    # What is shown ------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Take what came."""
        for message in self.client.came():
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                uri = params["uri"]
                version = params.get("version")
                if version is None or version == self.client.versions.get(uri):
                    self.screen[uri] = params["diagnostics"]

    def settle(self) -> None:
        """Wait until nothing comes any more."""
        latest = time.monotonic() + 120
        last = time.monotonic()
        while time.monotonic() - last < QUIET and time.monotonic() < latest:
            time.sleep(0.05)
            before = dict(self.screen)
            self.read()
            if self.screen != before:
                last = time.monotonic()

    def mend(self) -> None:
        """Undo in each document until it parses: only then both servers must say the same."""
        for path, document in self.open.items():
            while not parses(document.text) and document.undo:
                self._replace(path, *_taken_back(document.undo.pop()))
            if not parses(document.text):  # it was saved like that
                document.text = "import os\n\nvalue = None\nif value == None:\n    value = 1\n"
                self._changed(path, {"text": document.text})

    def shown(self) -> dict[str, str]:
        """What is on the screen, by file; files without findings left out."""
        return {uri: json.dumps(items, sort_keys=True) for uri, items in sorted(self.screen.items()) if items}

    def from_scratch(self) -> dict[str, str]:
        """What a new server, that knows nothing of the past, shows of the same files and documents."""
        other = Player(self.folder, self.state.with_name("scratch"), 0)
        try:
            for path, document in self.open.items():
                uri = path.as_uri()
                other.client.versions[uri] = 1
                item = {"uri": uri, "languageId": "python", "version": 1, "text": document.text}
                other.client.notify("textDocument/didOpen", {"textDocument": item})
                other.screen[uri] = other.client.diagnostics(uri, 1)
            other.client.ready()
            other.settle()
            return other.shown()
        finally:
            other.client.close()

    def memory(self) -> int:
        """What the server's process holds in memory (VmRSS), KiB."""
        status = Path(f"/proc/{self.client.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])


def _taken_back(step: tuple[int, str, str]) -> tuple[int, str, str]:
    place, before, now = step
    return place, now, before


MODULE = "backend_team.lsp"


def parses(text: str) -> bool:
    """Whether it is Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return False
    return True
