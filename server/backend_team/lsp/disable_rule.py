"""Disable a rule for the project or for one file: an edit of the settings file, or a new one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from backend_team.errors import FileError
from backend_team.lsp import convert, settings_edit
from backend_team.settings import OWN_FILE, PROJECT_FILE
from backend_team.text import Source
from backend_team.workspace.documents import difference

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from backend_team.lsp.session import Session
    from backend_team.lsp.snapshot import Snapshot


async def edit(session: Session, snapshot: Snapshot, rule: str) -> convert.JSON:
    """The edit of the nearest settings file; an open one is bound to its version, and counts as it is in the editor."""
    return await _edit(session, _place(session, snapshot), settings_edit.ignoring, rule)


async def leave_out(session: Session, snapshot: Snapshot, rule: str, reason: str) -> convert.JSON:
    """The edit that leaves a rule out for the file of a snapshot, with the reason as a comment."""
    place, file = _place(session, snapshot), convert.path_of(snapshot.uri)
    if file is None or not file.is_relative_to(place.parent):
        raise FileError(f"{place} says nothing of this file")
    relative = file.relative_to(place.parent).as_posix()
    return await _edit(session, place, settings_edit.leaving_out, relative, rule, reason)


def settings_file(session: Session, snapshot: Snapshot) -> str | None:
    """The name of the settings file that would be changed, or made; None where that can't be."""
    try:
        return _place(session, snapshot).name
    except FileError:
        return None


def _place(session: Session, snapshot: Snapshot) -> Path:
    root = snapshot.folder.of(convert.path_of(snapshot.uri)).root
    if root is None:
        if snapshot.folder.path is None or not session.client.creates_files:
            raise FileError("there are no settings to change", hint=f"make a {OWN_FILE}")
        return snapshot.folder.path / OWN_FILE
    place = next((place for name in (OWN_FILE, PROJECT_FILE) if _is_there(session, place := root / name)), None)
    if place is None:
        raise FileError(f"the settings of {root} are gone")
    return place


async def _edit(session: Session, place: Path, change: Callable[..., str], *arguments: str) -> convert.JSON:
    """The edit of a settings file by a function of its path and text; of an empty one where there is none."""
    uri = session.uri_of(place)
    is_there = _is_there(session, place)
    source = session.project_files.open.get(uri) or (_read(place) if is_there else Source(str(place), ""))
    after = await session.workers.soon(change, place, source.text, *arguments)
    edits = convert.text_edits(source.lines, difference(source.text, after), session.client.encoding)
    if not session.client.versioned_edits:
        return {"changes": {uri: edits}}
    found = convert.workspace_edit(uri, source.version, edits)
    if not is_there:
        found["documentChanges"].insert(0, {"kind": "create", "uri": uri, "options": {"ignoreIfExists": True}})
    return found


def _is_there(session: Session, place: Path) -> bool:
    return session.uri_of(place) in session.project_files.open or os.path.isfile(place)  # noqa: PTH113


def _read(place: Path) -> Source:
    try:
        return Source(str(place), place.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{place} can't be read: {error}") from None
