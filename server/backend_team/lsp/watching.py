"""Changes outside the editor: files, settings and rules are looked at again, together, when it is quiet."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.lsp import background, convert, project_files, status
from backend_team.lsp.tally import is_at
from backend_team.settings import OWN_FILE, PROJECT_FILE
from backend_team.settings.ruff import FILES as RUFF_FILES
from backend_team.workspace.baseline import FOLDER
from backend_team.workspace.discovery import NEVER, SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lsprotocol import types

    from backend_team.lsp.folders import Folder
    from backend_team.lsp.session import Session

logger = logging.getLogger(__name__)

QUIET: Final = 0.25  # seconds without an event before we look: a switch of branches is thousands of events
LONGEST: Final = 2.0  # seconds after which we look in any case: something may write to a log without a pause
PULSE: Final = 2.0  # seconds between two looks whether a folder of the workspace went, or came back
IGNORES: Final = ".gitignore"
SETTINGS: Final = frozenset({OWN_FILE, PROJECT_FILE, IGNORES, *RUFF_FILES})


async def start(session: Session) -> None:
    """Watch the folders of the workspace; what that needs is loaded beside the loop, and not before it is needed."""
    loop = asyncio.get_running_loop()
    watcher = await asyncio.to_thread(import_module, "backend_team.workspace.watcher")
    if session.watcher is None:

        def changed(paths: Iterable[Path]) -> None:
            if session.changes.note(paths) and not loop.is_closed():
                loop.call_soon_threadsafe(_wait, session)

        def trouble(text: str) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(_warn, session, text)

        session.watcher = watcher.Watcher(changed, trouble)
        session.wire.later(_follow_folders(session), "following the folders")
    folders = [folder.path for folder in session.folders.values() if folder.path is not None]
    session.wire.later(asyncio.to_thread(session.watcher.watch, folders), "watching the folders")


async def renew(session: Session) -> None:
    """Watch again the folders that went and came back, and look at them."""
    if session.watcher is not None and (changed := await asyncio.to_thread(session.watcher.renew)):
        noted(session, changed)


async def _follow_folders(session: Session) -> None:
    while True:  # the system tells of no folder that comes where none is
        await asyncio.sleep(PULSE)
        await renew(session)


def did_change_watched_files(session: Session, params: types.DidChangeWatchedFilesParams) -> None:
    """What the client's own watcher saw."""
    noted(session, [path for event in params.changes if (path := convert.path_of(event.uri)) is not None])


def _warn(session: Session, text: str) -> None:
    logger.warning("%s", text)
    session.wire.show(text[:1].upper() + text[1:], session.wire.WARNING)


def noted(session: Session, paths: Iterable[Path]) -> None:
    """Remember what changed and look at it when it is quiet."""
    if session.changes.note(paths):
        _wait(session)


class Changes:
    """What changed since we looked last, from any thread: the loop is woken once for all that comes until it looks."""

    def __init__(self) -> None:
        self.looking = asyncio.Lock()
        self._lock = threading.Lock()
        self._paths: set[Path] = set()
        self._first = 0.0
        self._last = 0.0

    def note(self, paths: Iterable[Path]) -> bool:
        """Remember; whether these are the first since we looked, so that somebody has to look again."""
        with self._lock:
            is_first = not self._paths
            self._paths.update(paths)
            self._last = time.monotonic()
            if is_first:
                self._first = self._last
            return is_first and bool(self._paths)

    def quiet_in(self) -> float:
        """Seconds until we look, when nothing more comes."""
        with self._lock:
            return min(self._last + QUIET, self._first + LONGEST) - time.monotonic()

    def take(self) -> set[Path]:
        """What changed."""
        with self._lock:
            paths, self._paths = self._paths, set()
            return paths


def _wait(session: Session) -> None:
    left = session.changes.quiet_in()
    if left > 0:
        asyncio.get_running_loop().call_later(left, _wait, session)
    else:
        session.wire.later(_look(session, session.changes.take()), "looking at changed files")


async def _look(session: Session, paths: set[Path]) -> None:
    folders = dict(session.folders)
    again, all_of_them = await asyncio.to_thread(_decided, paths, folders)
    for uri in again:
        if uri in session.folders:
            await session.reload(uri)
    if all_of_them:
        await project_files.check_closed(session)
        await session.judge_again()
        await background.check_workspace(session)
    async with session.changes.looking:  # what is gone by an older look may be back
        gone, files = await asyncio.to_thread(_sorted_out, paths, {folders[uri].path for uri in again})
        if gone:
            await _forget(session, gone)
        uris = []
        for number, path in enumerate(files):
            uris.append(session.uri_of(path))
            if number % background.STRIDE == 0:
                await asyncio.sleep(0)
        background.check_again(session, uris)
    status.changed(session)


async def _forget(session: Session, gone: list[str]) -> None:
    """Clear what was published for closed files at or below some paths, and count them no more."""
    uris, counted = await asyncio.to_thread(_at_or_below, gone, list(session.closed), session.tally.paths)
    for number, uri in enumerate(uris):
        session.publish_closed(uri, [])
        if number % background.STRIDE == 0:
            await asyncio.sleep(0)
    open_paths = session.open_paths
    for path in counted:
        if path not in open_paths:
            session.tally.drop(path)


def _at_or_below(gone: list[str], uris: list[str], counted: list[str]) -> tuple[list[str], list[str]]:
    places = set(gone)
    found = [uri for uri in uris if (path := convert.path_of(uri)) is not None and is_at(str(path), places)]
    return found, [path for path in counted if is_at(path, places)]


def _decided(paths: Iterable[Path], folders: dict[str, Folder]) -> tuple[list[str], bool]:
    """The folders whose settings and rules are to be read again, and whether all files are to be judged again."""
    again = [uri for uri, folder in folders.items() if any(_decides(path, folder) for path in paths)]
    return again, bool(again) or any(path.name == IGNORES for path in paths)


def _sorted_out(paths: Iterable[Path], looked_at: Collection[Path | None]) -> tuple[list[str], list[Path]]:
    """What is gone, and the Python files that are there, those of a new folder too, but for folders `looked_at`.

    What can't be reached is gone. `Path.exists` and its like raise where a folder is locked or a name too long.
    """
    gone: list[str] = []
    files: list[Path] = []
    for path in sorted(map(str, paths)):
        if not os.path.exists(path):  # noqa: PTH110
            gone.append(path)
        elif os.path.isdir(path):  # noqa: PTH112
            if Path(path) not in looked_at:
                files += _below(path)
        elif os.path.splitext(path)[1] in SUFFIXES:  # noqa: PTH122 - thousands after a switch of branches
            files.append(Path(path))
    return gone, list(dict.fromkeys(files))


def _decides(path: Path, folder: Folder) -> bool:
    """Whether a file says how others are judged."""
    root = folder.path
    if path == folder.settings.baseline:
        return True
    if root is None:
        return False
    if path.name in SETTINGS or FOLDER in path.parts:
        return path.is_relative_to(root) and (path.name in SETTINGS or (root / FOLDER) in (path, *path.parents))
    return path == root and os.path.isdir(path)  # noqa: PTH112 - it is back, with all that is in it


def _below(folder: str) -> list[Path]:
    """The Python files of a folder that appeared; whether they belong to the workspace is seen later."""
    found: list[Path] = []
    for place, names, files in os.walk(folder):  # Path.rglob raises when the folder goes meanwhile
        names[:] = [name for name in names if name not in NEVER]
        found += [Path(place, name) for name in files if os.path.splitext(name)[1] in SUFFIXES]  # noqa: PTH122
    return found
