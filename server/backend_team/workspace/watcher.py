"""Watches the folders of a workspace for changes made outside the editor."""

from __future__ import annotations

import logging
import threading
import warnings
from pathlib import Path
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

    def __init__(self, on_change: Callable[[list[Path]], None]) -> None:
        # watchdog says so when a folder and one in it are made at once: it finds the inner one twice, keeps one watch.
        # Where warnings are errors it would end the thread that watches.
        warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)
        self._handler = _Handler(on_change)
        self._observer = Observer()
        self._watches: dict[Path, object] = {}
        self._lock = threading.Lock()
        self._started = False

    def watch(self, folders: Collection[Path]) -> None:
        """Watch exactly these folders. It looks at every folder below them: call it in a thread."""
        with self._lock:
            for gone in self._watches.keys() - set(folders):
                self._observer.unschedule(self._watches.pop(gone))  # type: ignore[arg-type]
            for folder in folders:
                if folder in self._watches:
                    continue
                try:
                    self._watches[folder] = self._observer.schedule(
                        self._handler, str(folder), recursive=True, event_filter=SPEAKING
                    )
                except OSError as error:  # the system's limit of watches: the editor tells us of changes too
                    logger.warning("%s is not watched: %s", folder, error)
            if not self._started:
                self._observer.daemon = True
                self._observer.start()
                self._started = True

    def close(self) -> None:
        """Watch nothing any more."""
        with self._lock:
            if self._started:
                self._observer.stop()


class _Handler(FileSystemEventHandler):
    def __init__(self, on_change: Callable[[list[Path]], None]) -> None:
        self._on_change = on_change

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Pass on what may change what we know."""
        if not isinstance(event, tuple(SPEAKING)):
            return
        paths = [Path(_text(event.src_path))]
        if isinstance(event, FileSystemMovedEvent):
            paths.append(Path(_text(event.dest_path)))
        seen = [path for path in paths if not NEVER.intersection(path.parts)]
        if seen:
            self._on_change(seen)


def _text(path: str | bytes) -> str:
    return path if isinstance(path, str) else path.decode(errors="surrogateescape")
