"""Watches the folders of a workspace for changes made outside the editor."""

from __future__ import annotations

import errno
import logging
import sys
import threading
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
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

logger = logging.getLogger(__name__)

# Reading a file is an event to the system too: thousands of them while we check a workspace.
SPEAKING: Final[list[type[FileSystemEvent]]] = [
    *(FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent, FileClosedEvent),
    *(DirCreatedEvent, DirDeletedEvent, DirMovedEvent),
]


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
        self._watches: dict[Path, object] = {}
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
            for gone in self._watches.keys() - set(folders):
                self._observer.unschedule(self._watches.pop(gone))  # type: ignore[arg-type]
            for folder in folders:
                if folder in self._watches:
                    continue
                try:
                    self._watches[folder] = self._observer.schedule(
                        _Handler(folder, self._on_change), str(folder), recursive=True, event_filter=SPEAKING
                    )
                    self._need_room()
                except OSError as error:
                    self._tell(folder, error)

    def _need_room(self) -> None:
        """Raise `OSError` when the system lets us watch no more: watchdog is silent about folders within a folder."""
        if sys.platform == "linux":
            with TemporaryDirectory() as folder:
                self._observer.unschedule(self._observer.schedule(FileSystemEventHandler(), folder))

    def _tell(self, folder: Path, error: OSError) -> None:
        if not self._in_trouble and folder.is_dir():
            self._in_trouble = True
            self._on_trouble(f"changes below {folder} may be overlooked: {_reason(error)}")

    def close(self) -> None:
        """Watch nothing any more."""
        with self._lock:
            if self._started:
                self._observer.stop()


class _Handler(FileSystemEventHandler):
    def __init__(self, folder: Path, on_change: Callable[[list[Path]], None]) -> None:
        self._folder = folder
        self._on_change = on_change

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass on what may change what we know."""
        if not isinstance(event, tuple(SPEAKING)):
            return
        paths = [Path(_text(event.src_path))]
        if isinstance(event, FileSystemMovedEvent):
            paths.append(Path(_text(event.dest_path)))
        seen = [path for path in paths if not NEVER.intersection(self._below(path))]
        if seen:
            self._on_change(seen)

    def _below(self, path: Path) -> tuple[str, ...]:
        """The parts of a path below the folder: what is around it has any name."""
        return (path.relative_to(self._folder) if path.is_relative_to(self._folder) else path).parts


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
