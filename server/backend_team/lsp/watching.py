"""Changes outside the editor: files, settings and rules are looked at again, together, when it is quiet."""

from __future__ import annotations

import asyncio
import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from backend_team.lsp import background, convert, project_files, status
from backend_team.settings import OWN_FILE, PROJECT_FILE
from backend_team.settings.ruff import FILES as RUFF_FILES
from backend_team.workspace.baseline import FOLDER
from backend_team.workspace.discovery import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from lsprotocol import types

    from backend_team.lsp.folders import Folder
    from backend_team.lsp.session import Session

logger = logging.getLogger(__name__)

QUIET: Final = 0.25  # seconds without an event before we look: a switch of branches is thousands of events
LONGEST: Final = 2.0  # seconds after which we look in any case: something may write to a log without a pause
IGNORES: Final = ".gitignore"
SETTINGS: Final = frozenset({OWN_FILE, PROJECT_FILE, IGNORES, *RUFF_FILES})


async def start(session: Session) -> None:
    """Watch the folders of the workspace; what that needs is loaded beside the loop, and not before it is needed."""
    loop = asyncio.get_running_loop()
    watcher = await asyncio.to_thread(import_module, "backend_team.workspace.watcher")
    if session.watcher is None:
        session.watcher = watcher.Watcher(
            lambda paths: _from_thread(loop, noted, session, paths),
            lambda text: _from_thread(loop, _warn, session, text),
        )
    folders = [folder.path for folder in session.folders.values() if folder.path is not None]
    session.wire.later(asyncio.to_thread(session.watcher.watch, folders), "watching the folders")


def did_change_watched_files(session: Session, params: types.DidChangeWatchedFilesParams) -> None:
    """What the client's own watcher saw."""
    noted(session, [path for event in params.changes if (path := convert.path_of(event.uri)) is not None])


def _from_thread(
    loop: asyncio.AbstractEventLoop, tell: Callable[[Session, Any], None], session: Session, what: Any
) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(tell, session, what)


def _warn(session: Session, text: str) -> None:
    logger.warning("%s", text)
    session.wire.show(text[:1].upper() + text[1:], session.wire.WARNING)


def noted(session: Session, paths: Iterable[Path]) -> None:
    """Remember what changed and look at it when it is quiet."""
    changes = session.changes
    changes.paths.update(paths)
    loop = asyncio.get_running_loop()
    if changes.timer is None:
        changes.latest = loop.time() + LONGEST
    else:
        changes.timer.cancel()
    changes.timer = loop.call_at(min(loop.time() + QUIET, changes.latest), _quiet, session)


class Changes:
    """What changed since we looked last."""

    def __init__(self) -> None:
        self.paths: set[Path] = set()
        self.timer: asyncio.TimerHandle | None = None
        self.latest = 0.0  # when we look, quiet or not


def _quiet(session: Session) -> None:
    paths, session.changes = session.changes.paths, Changes()
    session.wire.later(_look(session, paths), "looking at changed files")


async def _look(session: Session, paths: set[Path]) -> None:
    if await _reload(session, paths):
        await project_files.check_closed(session)
        await session.judge_again()
        await background.check_workspace(session)
    gone, files = await asyncio.to_thread(_sorted_out, paths)
    session.forget_closed(set(gone))
    if gone:
        session.tally.forget(gone, session.open_paths)
    background.check_again(session, [session.uri_of(path) for path in files])
    status.changed(session)


async def _reload(session: Session, paths: set[Path]) -> bool:
    """Read the settings and rules again of folders whose files say how others are judged; whether there are some."""
    changed = any(path.name == IGNORES for path in paths)
    for uri, folder in list(session.folders.items()):
        if any(_decides(path, folder) for path in paths):
            await session.reload(uri)
            changed = True
    return changed


def _sorted_out(paths: set[Path]) -> tuple[list[Path], list[Path]]:
    """What is gone, and the Python files that are there, those of a new folder too."""
    gone: list[Path] = []
    files: list[Path] = []
    for path in sorted(paths):
        if not path.exists():
            gone.append(path)
        elif path.is_dir():
            files += _below(path)
        elif path.suffix in SUFFIXES:
            files.append(path)
    return gone, list(dict.fromkeys(files))


def _decides(path: Path, folder: Folder) -> bool:
    """Whether a file says how others are judged."""
    root = folder.path
    if root is None or not path.is_relative_to(root):
        return path == folder.settings.baseline
    return path.name in SETTINGS or path == folder.settings.baseline or (root / FOLDER) in (path, *path.parents)


def _below(folder: Path) -> list[Path]:
    """The Python files of a folder that appeared; whether they belong to the workspace is seen later."""
    return [path for path in folder.rglob("*") if path.suffix in SUFFIXES]
