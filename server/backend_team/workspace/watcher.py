"""Watches the folders of a workspace for changes made outside the editor."""

from __future__ import annotations

import errno
import logging
import os
import sys
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
    FileSystemMovedEvent,
)
from watchdog.observers import Observer

from backend_team.workspace.discovery import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from watchdog.observers.api import ObservedWatch

logger = logging.getLogger(__name__)

# Reading a file is an event to the system too: thousands of them while we check a workspace.
SPEAKING: Final[list[type[FileSystemEvent]]] = [
    *(FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent, FileClosedEvent),
    *(DirCreatedEvent, DirDeletedEvent, DirMovedEvent),
    *(FileAttribEvent, DirAttribEvent),  # what could not be read may be read now
]
_SPEAKING: Final = tuple(SPEAKING)


class Watcher:
    """Tells which paths changed: `on_change` is called in a thread of its own, with one or two paths at a time."""

    def __init__(
        self, on_change: Callable[[list[Path]], None], on_trouble: Callable[[str], None] = logger.warning
    ) -> None:
        # watchdog says so when a folder and one in it are made at once: it finds the inner one twice, keeps one watch.
        # Where warnings are errors it would end the thread that watches.
        warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)
        self._on_change = on_change
        self._on_trouble = on_trouble
        self._in_trouble = False
        self._observer = Observer()
        self._watched: dict[Path, _Watched] = {}
        self._lock = threading.Lock()
        self._started = False

    def watch(self, folders: Collection[Path]) -> None:
        """Watch exactly these folders. It looks at every folder below them: call it in a thread.

        What can't be watched is left out; `on_trouble` is told once, in this thread, with the way out.
        """
        with self._lock:
            if not self._started:
                self._observer.daemon = True
                self._observer.start()
                self._started = True
            for gone in self._watched.keys() - set(folders):
                self._drop(self._watched.pop(gone))
            for folder in folders:
                if folder not in self._watched:
                    self._watched[folder] = self._begin(folder)

    def renew(self) -> list[Path]:
        """Watch anew the folders that went, came, or were put in the place of others; which these are.

        The system watches what a folder was, not its name. Call it in a thread, now and then.
        """
        with self._lock:
            changed = [folder for folder, one in self._watched.items() if one.is_other(_identity(folder))]
            for folder in changed:
                self._drop(self._watched[folder])
                self._watched[folder] = self._begin(folder)
            return changed

    def _begin(self, folder: Path) -> _Watched:
        found = _Watched(_identity(folder), _Handler(folder, self._on_change))
        if found.identity is not None:
            try:
                found.watch = self._observer.schedule(found.handler, str(folder), recursive=True, event_filter=SPEAKING)
                self._need_room()
            except OSError as error:
                self._tell(folder, error)
        return found

    def _drop(self, one: _Watched) -> None:
        if one.watch is not None:
            self._observer.unschedule(one.watch)

    def _need_room(self) -> None:
        """Raise `OSError` when the system lets us watch no more: watchdog is silent about folders within a folder."""
        if sys.platform == "linux":
            with TemporaryDirectory() as folder:
                self._observer.unschedule(self._observer.schedule(FileSystemEventHandler(), folder))

    def _tell(self, folder: Path, error: OSError) -> None:
        if not self._in_trouble and _identity(folder) is not None:
            self._in_trouble = True
            self._on_trouble(f"changes below {folder} may be overlooked: {_reason(error)}")

    def close(self) -> None:
        """Watch nothing any more."""
        with self._lock:
            if self._started:
                self._observer.stop()


class _Handler(FileSystemEventHandler):
    def __init__(self, folder: Path, on_change: Callable[[list[Path]], None]) -> None:
        self.has_ended = False  # the folder was removed: the system tells no more of it
        self._folder = str(folder)
        self._within = os.path.join(folder, "")  # noqa: PTH118 - with the separator at its end
        self._on_change = on_change

    def dispatch(self, event: FileSystemEvent) -> None:
        """Pass on what may change what we know. A switch of branches is thousands of events: no `Path` before."""
        if not isinstance(event, _SPEAKING):
            return
        paths = [_text(event.src_path)]
        if isinstance(event, FileSystemMovedEvent):
            paths.append(_text(event.dest_path))
        if isinstance(event, DirDeletedEvent) and paths[0] == self._folder:
            self.has_ended = True
        seen = [Path(path) for path in paths if NEVER.isdisjoint(self._below(path))]
        if seen:
            self._on_change(seen)

    def _below(self, path: str) -> list[str]:
        """The parts of a path below the folder: what is around it has any name."""
        if path == self._folder:
            return []
        return path.removeprefix(self._within).split(os.sep)  # noqa: PTH206 - for every event


@dataclass
class _Watched:
    """A folder as it was when it was looked at, None: there was none; and the watch, when there is one."""

    identity: tuple[int, int] | None
    handler: _Handler
    watch: ObservedWatch | None = None

    def is_other(self, identity: tuple[int, int] | None) -> bool:
        """Whether the folder of that name is another now; one made again may have the number of the one before."""
        return identity != self.identity or (identity is not None and self.handler.has_ended)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(os.path.join(folder, ""))  # noqa: PTH116, PTH118 - the separator: it is a folder
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC:
            setting, value = "fs.inotify.max_user_watches", 524_288
        case errno.EMFILE:
            setting, value = "fs.inotify.max_user_instances", 1_024
        case _:
            return error.strerror or str(error)
    return f"the system's limit is reached; raise {setting}, for example: sudo sysctl {setting}={value}"


def _text(path: str | bytes) -> str:
    return path if isinstance(path, str) else path.decode(errors="surrogateescape")
