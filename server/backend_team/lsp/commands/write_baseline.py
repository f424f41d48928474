"""Write Baseline: what is found in a folder now is known from now on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.errors import FileError
from backend_team.lsp import background, bulk, convert, jobs, watching
from backend_team.lsp.progress import progress
from backend_team.workspace.baseline import baseline_of

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.folders import Folder
    from backend_team.lsp.session import Session


async def run(
    session: Session, params: protocol.WriteBaselineParams, token: str | int | None
) -> protocol.WriteBaselineResult:
    """Check the folder and write; open documents count as they are in the editor."""
    folder = _folder(session, params.get("folder"))
    assert folder.path is not None
    place = baseline_of(folder.settings, folder.path)
    async with progress(session, "Writing the baseline", token or await session.own_token()) as reports:
        # Its results are kept, so that what cannot be interrupted is short.
        await background.check_folder(
            session, folder, lambda done, total: reports.report(f"{done} of {total} files", 90 * done // max(1, total))
        )
        reports.report("writing", 95)
        paths = await asyncio.to_thread(background.files_of, folder)
        texts = {Path(one.source.path): jobs.plain(one.source) for one in session.documents.values()}
        judge = jobs.judge(folder)
        work = session.workers.through(len(paths), bulk.write_baseline, judge, place, paths, texts)
        count, unjudged = await work
    watching.noted(session, [place])
    in_use = folder.settings.baseline is not None
    return {"path": str(place), "findings": count, "unjudged": unjudged, "inUse": in_use}


def _folder(session: Session, wanted: str | None) -> Folder:
    """The folder that was named, or the only one there is."""
    folders = [folder for folder in session.folders.values() if folder.path is not None]
    if wanted is not None:
        folders = [session.folder_of(convert.path_of(wanted))]
    if not folders or folders[0].path is None:
        raise FileError("there is no folder to write a baseline for", hint="open one")
    if len(folders) > 1:
        raise FileError("the workspace has several folders", hint="name one of them")
    return folders[0]
