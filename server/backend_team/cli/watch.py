"""`check --watch`: checks again what changes, until Ctrl-C; what is wrong with settings or rules meanwhile is said."""

from __future__ import annotations

import queue
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.cli.check import Check
from backend_team.cli.printing import context_of, print_reports
from backend_team.errors import BackendTeamError
from backend_team.library import common_folder, own_rules
from backend_team.settings import OWN_FILE, PROJECT_FILE
from backend_team.workspace.discovery import SUFFIXES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from backend_team.cli.chosen import Chosen
    from backend_team.library import Report

PULSE: Final = 1.0  # seconds between two looks at settings files, which may lie outside of what is watched
QUIET: Final = 0.1  # seconds without a change that end a burst of them
LONGEST: Final = 2.0  # seconds a burst can put off the next look
_RULES: Final = (".backend-team", "rules")
_CLEAR: Final = "\x1b[2J\x1b[3J\x1b[H"


def watch(options: argparse.Namespace) -> int:
    """Check now and after every change; 0 when a person ends it: that is how it ends."""
    changes: queue.SimpleQueue[list[Path]] = queue.SimpleQueue()
    try:
        from backend_team.workspace.watcher import Watcher
    except ModuleNotFoundError as error:
        hint = 'pip install "ai-backend-team[lsp]"'
        raise BackendTeamError(f"--watch needs the package {error.name}", hint=hint) from None
    watching = _Watching(options)
    watcher = Watcher(changes.put)
    try:
        watcher.watch(watching.folders())
        watching.look_at_everything()
        while True:
            watching.look_again(_burst(changes, watching))
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 0
    finally:
        watcher.close()


def _burst(changes: queue.SimpleQueue[list[Path]], watching: _Watching) -> set[Path]:
    """Wait for changes, and for the others that come with them: saving is many events, a change of branch thousands."""
    found: set[Path] = set()
    while not found:
        try:
            found.update(changes.get(timeout=PULSE))
        except queue.Empty:
            found.update(watching.changed_settings())
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        try:
            found.update(changes.get(timeout=QUIET))
        except queue.Empty:
            break
    return found


class _Watching:
    """What is known of the files between two looks: the reports that say something."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.check = Check(options)
        self.reports: dict[Path, Report] = {}
        self.broken = False
        self._stamps = _stamps(self.check.work)

    def folders(self) -> set[Path]:
        """What to watch: the paths that were named, and the rules of the project."""
        paths = [path.absolute() for path in self.check.work.paths]
        folders = {path if path.is_dir() else path.parent for path in paths}
        own = own_rules(self.check.work.settings, common_folder(self.check.work.paths))
        return folders | {own} if own.is_dir() else folders

    def changed_settings(self) -> set[Path]:
        """The settings files that are not as they were."""
        before, self._stamps = self._stamps, _stamps(self.check.work)
        return {path for path, stamp in self._stamps.items() if before.get(path, stamp) != stamp}

    def look_at_everything(self) -> None:
        """Read settings and rules anew and check every file."""
        try:
            self.check = Check(self.options)
        except BackendTeamError as error:
            self._say_broken(error)
            return
        self.broken = False
        self._stamps = _stamps(self.check.work)
        self.reports = {}
        try:
            files = self.check.files()
        except BackendTeamError as error:
            self._say_broken(error)
            return
        self._look(files, files)

    def look_again(self, paths: Iterable[Path]) -> None:
        """Check what changed; everything when that decides how files are judged, or which."""
        seen = {path for path in map(Path, paths) if _matters(path)}
        if not seen:
            return
        if self.broken or self.options.changed is not None or any(path.suffix not in SUFFIXES for path in seen):
            self.look_at_everything()
            return
        try:
            files = self.check.files()
        except BackendTeamError as error:  # a folder that was named is gone
            self._say_broken(error)
            return
        changed = [path for path in files if path.absolute() in seen]
        if changed or not self.reports.keys() <= set(files):
            self._look(files, changed)

    def _look(self, files: list[Path], changed: list[Path]) -> None:
        for path, report in zip(changed, self.check.reports(changed), strict=True):
            self.reports[path] = report
        self.reports = {path: self.reports[path] for path in files if path in self.reports}
        self._clear()
        context = context_of(self.check.work, sys.stdout)
        print_reports(self.reports.values(), self.options, context, sys.stdout)
        _say_waiting()

    def _say_broken(self, error: BackendTeamError) -> None:
        self.broken = True
        self._clear()
        print(f"error: {error.render()}", file=sys.stderr)
        _say_waiting()

    def _clear(self) -> None:
        if sys.stdout.isatty():
            sys.stdout.write(_CLEAR)


def _stamps(work: Chosen) -> dict[Path, int]:
    """The settings files that were read, and when each was written."""
    found = {}
    for path in {file for settings in work.resolver.loaded for file in settings.files}:
        try:
            found[path] = path.stat().st_mtime_ns
        except OSError:
            found[path] = 0  # it is gone
    return found


def _say_waiting() -> None:
    sys.stdout.flush()
    now = time.strftime("%H:%M:%S")
    print(f"{now}  watching; Ctrl-C ends", file=sys.stderr, flush=True)


def _matters(path: Path) -> bool:
    """Whether a change of a file can change what is found."""
    if path.suffix in SUFFIXES or path.name in {OWN_FILE, PROJECT_FILE, ".gitignore"}:
        return True
    parts = path.parts
    return path.suffix == ".yaml" and any(parts[n : n + 2] == _RULES for n in range(len(parts)))
