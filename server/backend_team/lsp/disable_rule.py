"""Disable a rule for the project: an edit of its settings file, or a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.errors import FileError
from backend_team.lsp import convert, settings_edit
from backend_team.settings import OWN_FILE, PROJECT_FILE
from backend_team.text import Source
from backend_team.workspace.documents import difference

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.lsp.session import Session, Snapshot


async def edit(session: Session, snapshot: Snapshot, rule: str) -> convert.JSON:
    """The edit of the nearest settings file; an open one is bound to its version, and counts as it is in the editor."""
    settings = snapshot.folder.of(convert.path_of(snapshot.uri))
    if settings.root is None:
        return await _created(session, snapshot, rule)
    names = (OWN_FILE, PROJECT_FILE)
    place = next((place for name in names if _is_there(session, place := settings.root / name)), None)
    if place is None:
        raise FileError(f"the settings of {settings.root} are gone")
    uri = session.uri_of(place)
    source = session.project_files.open.get(uri) or _read(place)
    after = await session.workers.soon(settings_edit.ignoring, place, source.text, rule)
    edits = convert.text_edits(source.lines, difference(source.text, after), session.client.encoding)
    if not session.client.versioned_edits:
        return {"changes": {uri: edits}}
    return convert.workspace_edit(uri, source.version, edits)


async def _created(session: Session, snapshot: Snapshot, rule: str) -> convert.JSON:
    if snapshot.folder.path is None or not session.client.creates_files:
        raise FileError("there are no settings to change", hint=f"make a {OWN_FILE}")
    place = snapshot.folder.path / OWN_FILE
    text = await session.workers.soon(settings_edit.ignoring, place, "", rule)
    uri = session.uri_of(place)
    start = {"line": 0, "character": 0}
    made = convert.workspace_edit(uri, None, [{"range": {"start": start, "end": start}, "newText": text}])
    made["documentChanges"].insert(0, {"kind": "create", "uri": uri, "options": {"ignoreIfExists": True}})
    return made


def _is_there(session: Session, place: Path) -> bool:
    return session.uri_of(place) in session.project_files.open or place.is_file()


def _read(place: Path) -> Source:
    try:
        return Source(str(place), place.read_bytes().decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(f"{place} can't be read: {error}") from None
