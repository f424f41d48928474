"""Closed files: checked in worker processes, after the start and when they change; open documents keep their own."""

from __future__ import annotations

import asyncio
import logging
import os
from itertools import groupby
from typing import TYPE_CHECKING, Final

from backend_team.errors import BackendTeamError, SettingsError
from backend_team.lsp import convert, jobs, status
from backend_team.lsp.workers import WorkerDied
from backend_team.workspace.discovery import included, python_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from backend_team.lsp.folders import Folder
    from backend_team.lsp.session import Session

logger = logging.getLogger(__name__)

BATCH: Final = 64  # files a worker takes at once; it gives back those its turn was too short for
MOMENT: Final = 0.05  # seconds: many documents are closed at once
STRIDE: Final = 50  # files that are looked at in a turn of the loop
TOGETHER: Final = 256  # files of a folder that are left to one worker: what is known of a folder is one record


async def check_workspace(session: Session, on_progress: Callable[[int, int], None] = lambda _done, _all: None) -> int:
    """Check every Python file of the workspace; how many there are. Tells `on_progress` files done and in all."""
    return await _check_folders(session, list(session.folders.values()), on_progress)


async def check_folder(session: Session, folder: Folder, on_progress: Callable[[int, int], None]) -> int:
    """Check every Python file of one folder."""
    return await _check_folders(session, [folder], on_progress)


async def _check_folders(session: Session, folders: list[Folder], on_progress: Callable[[int, int], None]) -> int:
    plans = [(folder, await asyncio.to_thread(files_of, folder)) for folder in folders]
    total = sum(len(paths) for _, paths in plans)
    done = 0

    def advance(number: int) -> None:
        nonlocal done
        done += number
        on_progress(done, total)

    on_progress(0, total)
    for folder, paths in plans:
        await _forget_others(session, folder, paths)
        await _check(session, folder, await asyncio.to_thread(groups, paths), advance)
    return total


def check_again(session: Session, uris: Iterable[str]) -> None:
    """Check closed files soon, together; those that are no part of the workspace lose what was published for them."""
    waiting = bool(session.unchecked)
    session.unchecked.update(uris)
    if session.unchecked and not waiting:
        session.wire.later(_check_again(session), "checking changed files")


async def _check_again(session: Session) -> None:
    await asyncio.sleep(MOMENT)
    uris, session.unchecked = session.unchecked, set()
    groups: dict[int, tuple[Folder, list[Path]]] = {}
    for number, uri in enumerate(sorted(uris)):
        path = convert.path_of(uri)
        folder = session.folder_of(path)
        if path is None or folder.path is None:
            session.publish_closed(uri, [])
            session.uncount(uri)
        else:
            groups.setdefault(id(folder), (folder, []))[1].append(path)
        if number % STRIDE == 0:
            await asyncio.sleep(0)
    for folder, paths in groups.values():
        belong, together = await asyncio.to_thread(_belonging, paths, folder)
        for number, path in enumerate(paths):
            if path not in belong:
                session.publish_closed(session.uri_of(path), [])
                session.uncount(session.uri_of(path))
            if number % STRIDE == 0:
                await asyncio.sleep(0)
        await _check(session, folder, together, lambda _: None)
    status.changed(session)


async def _forget_others(session: Session, folder: Folder, paths: Sequence[Path]) -> None:
    """Clear what was published for files that the folder leaves out by now."""
    belong = set(paths)
    if folder.path is not None:
        session.tally.keep_only(folder.path, belong, session.open_paths)
    for number, uri in enumerate(list(session.closed)):
        path = convert.path_of(uri)
        if session.project_files.holds(uri):
            continue
        if path is not None and path not in belong and session.folder_of(path) is folder:
            session.publish_closed(uri, [])
        if number % STRIDE == 0:
            await asyncio.sleep(0)


def files_of(folder: Folder) -> list[Path]:
    """The Python files of a folder; where settings of a part of it can't be read, by those of the folder."""
    if folder.path is None:
        return []
    for settings in (folder.resolver, folder.settings):
        try:
            return list(python_files([folder.path], settings))
        except BackendTeamError as error:
            logger.warning("%s: %s", folder.path, error.message)
    return []


def _belonging(paths: Iterable[Path], folder: Folder) -> tuple[set[Path], list[list[Path]]]:
    """Those of the paths that are files of a folder, and how they are given to workers."""
    belong = {path for path in paths if _belongs(path, folder)}
    return belong, groups(sorted(belong))


def _belongs(path: Path, folder: Folder) -> bool:
    if folder.path is None or not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises where it can't look
        return False
    try:
        return included(path, folder.path, folder.resolver)
    except SettingsError:
        return included(path, folder.path, folder.settings)


async def _check(
    session: Session, folder: Folder, together: Iterable[list[Path]], advance: Callable[[int], None]
) -> None:
    judge = jobs.judge(folder)
    waiting = [*together]
    waiting.reverse()

    async def work() -> None:
        while waiting:
            left = waiting.pop()
            while left:
                closed = [path for path in left[:BATCH] if session.uri_of(path) not in session.documents]
                found = await _batch(session, judge, closed)
                done = len(left[:BATCH]) - len(closed) + len(found)
                checked = {one.path for one in found}
                left = [path for path in closed if path not in checked] + left[BATCH:]
                for path, items, lines in found:
                    if items is not None:
                        session.left_out.checked(path)
                        session.publish_closed(session.uri_of(path), items)
                        session.count_closed(path, items, lines)
                    await asyncio.sleep(0)  # a keystroke goes first
                advance(done)
                status.changed(session)

    async with asyncio.TaskGroup() as group:
        for _ in range(session.workers.spare):
            group.create_task(work())


def groups(paths: Sequence[Path]) -> list[list[Path]]:
    """Files that a worker takes one after the other: whole folders, unless they are large."""
    found: list[list[Path]] = []
    for _, together in groupby(paths, key=lambda path: path.parent):
        files = list(together)
        if found and len(found[-1]) + len(files) <= BATCH:
            found[-1] += files
        else:
            found += [files[start : start + TOGETHER] for start in range(0, len(files), TOGETHER)]
    return found


async def _batch(session: Session, judge: jobs.Judge, paths: Sequence[Path]) -> list[jobs.Looked]:
    """Check the first of some files; when one of them ends its worker, all are checked alone and it is left out."""
    if not paths:
        return []
    try:
        return [*await session.workers.idle(jobs.check_files, judge, paths, session.client)]
    except WorkerDied as error:
        if len(paths) == 1:
            session.left_out.note(paths[0], error)
            return [jobs.Looked(paths[0], None, 0)]
    return [found for path in paths for found in await _batch(session, judge, [path])]
