"""initialize and initialized, folders, and the parent whose end is ours."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Any, Final

from pygls.capabilities import ServerCapabilitiesBuilder

from backend_team.lsp import background, configuration, jobs, project_files, settings_change, status, usage, watching
from backend_team.lsp.capabilities import Capabilities
from backend_team.lsp.progress import progress

if TYPE_CHECKING:
    from lsprotocol import types

    from backend_team.lsp.session import Session

PARENT_SECONDS: Final = 1.0
FIRST_LOOK: Final = 0.25  # seconds in which clients have opened what was open when they were closed
TOKEN: Final = "start-"  # begins the names of tokens for what nobody asked for
TOKEN_SECONDS: Final = 5.0  # a client has to take a token
LATEST_LOOK: Final = 5.0  # seconds after which closed files are looked at in any case


def initialize(session: Session, params: types.InitializeParams) -> None:
    """Learn what the client can do, and its folders."""
    encoding = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
    session.client = Capabilities.of(params.capabilities, encoding)
    session.wire.offers_pull = session.client.only_pulls
    settings_change.begin(session, params.initialization_options)
    configuration.take_outside(session)
    uris = [folder.uri for folder in params.workspace_folders or ()]
    if not uris and params.root_uri:
        uris = [params.root_uri]
    for uri in uris:
        session.add_folder(uri)
    if params.process_id is not None and _alive(params.process_id):
        session.wire.later(_end_with(session, params.process_id), "watching the parent")


def initialized(session: Session, _params: Any) -> None:
    """Watch the folders and check what is in them, when nothing else is to be done."""
    configuration.start(session)
    session.wire.later(_first_look(session), "the first check of the workspace")


def folders_changed(session: Session, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Folders came and went: watch and check accordingly."""
    for folder in params.event.removed:
        session.remove_folder(folder.uri)
    added = [folder.uri for folder in params.event.added]
    session.wire.later(_look_at_folders(session, added), "checking new folders")


async def _look_at_folders(session: Session, added: list[str]) -> None:
    for uri in added:
        await session.bring_folder(uri)
    configuration.ask(session)
    await session.judge_again()
    await _first_look(session)


async def _first_look(session: Session) -> None:
    status.become(session, "busy")
    try:
        for _ in range(session.workers.spare):
            session.wire.later(session.workers.idle(jobs.ready), "starting a worker process")
        await _open_documents_first(session)
        await watching.start(session)
        # Cancelled by the person, it keeps what it has found; the server is as ready as before.
        await asyncio.wait({session.wire.later(_check(session), "checking the workspace")})
    finally:
        status.become(session, "ready")
    await usage.first(session)


async def _check(session: Session) -> None:
    """Check the files of the folders, with progress where there are any and the client shows it."""
    token = await session.own_token(TOKEN, TOKEN_SECONDS) if session.folders else None
    async with progress(session, "Checking the workspace", token) as reports:
        await project_files.check_closed(session)
        await background.check_workspace(
            session, lambda done, total: reports.report(f"{done} of {total} files", 100 * done // max(1, total))
        )


async def _open_documents_first(session: Session) -> None:
    """Wait for the documents that a client opens right after the start, and for their findings."""
    loop = asyncio.get_running_loop()
    latest = loop.time() + LATEST_LOOK
    while True:
        await asyncio.sleep(FIRST_LOOK)
        if loop.time() > latest or all(document.module is not None for document in session.documents.values()):
            return


async def _end_with(session: Session, parent: int) -> None:
    while _alive(parent):  # noqa: ASYNC110 - the system tells of nobody's end but a child's
        await asyncio.sleep(PARENT_SECONDS)
    session.wire.finish(1)


def _alive(process: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x00100000, False, process)  # SYNCHRONIZE
        if not handle:
            return False
        try:
            return bool(kernel.WaitForSingleObject(handle, 0) == 0x102)  # WAIT_TIMEOUT
        finally:
            kernel.CloseHandle(handle)
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True
