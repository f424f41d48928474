"""Rule and settings files: what is wrong in them, as they are typed, and on disk when they are closed."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.errors import FileError
from backend_team.lsp import convert, diagnostics, markup, rule_files, rule_words, settings_files, settings_words
from backend_team.lsp.marks import Mark, items
from backend_team.lsp.workers import WorkerDied
from backend_team.text import Source, units
from backend_team.workspace.discovery import python_files
from backend_team.workspace.documents import after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lsprotocol import types

    from backend_team.lsp.folders import Folder
    from backend_team.lsp.session import Session
    from backend_team.text import Encoding

logger = logging.getLogger(__name__)

PROPERTY: Final = 10  # kinds of completion
VALUE: Final = 12
Faulty = list[tuple["Path", str, list[Mark]]]  # files with their texts and what is wrong


class ProjectFiles:
    """The open rule and settings files of a session, and the faults of the closed ones."""

    def __init__(self) -> None:
        self.open: dict[str, Source] = {}
        self.shown: dict[str, tuple[int | None, list[convert.JSON]]] = {}  # of open files, with their version
        self.closed: dict[str, dict[str, list[convert.JSON]]] = {}  # by folder, then by file
        self.busy: set[str] = set()

    def shows(self, folder: Path | None, name: str) -> bool:
        """Whether something is shown in an open file; its name is its path, or the end of it from a folder above."""
        places = {str(place / name) for place in (*(folder.parents if folder is not None else ()), folder) if place}
        return any(source.path in places and self.shown.get(uri, (0, []))[1] for uri, source in self.open.items())

    def holds(self, uri: str) -> bool:
        """Whether something was published for a closed file of these."""
        return any(uri in found for found in self.closed.values())


def opened(session: Session, document: types.TextDocumentItem) -> None:
    """Take an open document when it is a rule or a settings file."""
    path, files = convert.path_of(document.uri), session.project_files
    if path is None or not (rule_files.is_rule_file(path) or settings_files.is_settings_file(path)):
        return
    if document.uri != (ours := session.uri_of(path)):
        session.publish_closed(ours, [])
        session.spelled[path] = document.uri
    files.open[document.uri] = Source(str(path), document.text, document.version)
    session.closed.drop(document.uri)
    _judge(session, document.uri)


def changed(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """Bring an open file up to date and judge it."""
    uri, number = params.text_document.uri, params.text_document.version
    source = session.project_files.open.get(uri)
    if source is not None:
        changes = [convert.change(change, session.client.encoding) for change in params.content_changes]
        session.project_files.open[uri], _ = after(source, changes, number)
        _judge(session, uri)


def closed(session: Session, uri: str) -> None:
    """Let go of an open file: from now on the one on disk counts."""
    files = session.project_files
    if files.open.pop(uri, None) is not None:
        _, shown = files.shown.pop(uri, (None, []))
        session.closed.put(uri, shown, sent=False)
        session.wire.later(_after_close(session, uri), "looking at a closed file")


async def _after_close(session: Session, uri: str) -> None:
    await check_closed(session)
    if not session.project_files.holds(uri) and uri not in session.project_files.open:
        session.publish_closed(uri, [])


async def check_closed(session: Session) -> None:
    """Look at the rule and settings files of every folder, and again at the open ones: others may decide them."""
    files = session.project_files
    for uri, folder in list(session.folders.items()):
        found = await asyncio.to_thread(_faulty, folder)
        if session.folders.get(uri) is folder:
            encoding = session.client.encoding
            _publish(session, uri, {session.uri_of(path): items(text, marks, encoding) for path, text, marks in found})
    for uri in files.closed.keys() - session.folders.keys():
        del files.closed[uri]
    for uri in files.open:
        _judge(session, uri)


def completion(session: Session, params: types.CompletionParams) -> list[convert.JSON]:
    """textDocument/completion: what can be written in an open rule or settings file."""
    place = _place(session, params.text_document.uri, params.position)
    if place is None:
        return []
    path, rows, line, column = place
    if settings_files.is_settings_file(path):
        found = settings_words.words(path.name, rows, line, column, session.folder_of(path).rules)
    else:
        found = rule_words.words(rows, line, column)
    encoding, end = session.client.encoding, {"line": params.position.line, "character": params.position.character}
    return [
        {
            "label": word.text.rstrip(" :="),
            "kind": PROPERTY if word.is_key else VALUE,
            "detail": word.about,
            "filterText": word.text,
            "textEdit": {
                "range": {"start": {"line": line, "character": _units(rows[line], column - word.replaces, encoding)}}
                | {"end": end},
                "newText": word.text,
            },
        }
        for word in found
    ]


def hover(session: Session, params: types.HoverParams) -> convert.JSON | None:
    """What a word of an open rule file means; None where it is none."""
    place = _place(session, params.text_document.uri, params.position)
    if place is None or settings_files.is_settings_file(place[0]):
        return None
    _, rows, line, column = place
    found = rule_words.meaning(rows, line, column)
    if found is None:
        return None
    start, end = (
        {"line": line, "character": _units(rows[line], column, session.client.encoding)}
        for column in (found.start, found.end)
    )
    return {"contents": markup.contents(session.client, found.text), "range": {"start": start, "end": end}}


def _place(session: Session, uri: str, position: types.Position) -> tuple[Path, list[str], int, int] | None:
    """The file, its lines, and line and column of a position; None for what is no rule or settings file."""
    source, path = session.project_files.open.get(uri), convert.path_of(uri)
    if source is None or path is None or len(source.text) > settings_files.LARGEST:
        return None
    if not (settings_files.is_settings_file(path) or rule_files.is_rule(path, source.text)):
        return None
    lines = source.lines
    offset = convert.offset(lines, position, session.client.encoding)
    line = lines.line_of(offset)
    rows = [lines.line_text(number).rstrip("\r\n") for number in range(len(lines))]
    return path, rows, line, offset - lines.start(line)


def _units(row: str, column: int, encoding: Encoding) -> int:
    return units(row[:column], encoding)


def _publish(session: Session, folder: str, found: dict[str, list[convert.JSON]]) -> None:
    files = session.project_files
    found = {uri: shown for uri, shown in found.items() if uri not in files.open}
    before, files.closed[folder] = files.closed.get(folder, {}), found
    for uri in sorted(before.keys() | found.keys()):
        shown = found.get(uri, [])
        if uri not in files.open and (before.get(uri, []) != shown or uri not in session.closed):
            session.publish_closed(uri, shown)


def _faulty(folder: Folder) -> Faulty:
    """The closed files of a folder that are wrong."""
    if folder.path is None:
        return []
    found = [*rule_files.faulty(folder.path / ".backend-team" / "rules")]
    for path in _settings_files(folder):
        try:
            text = path.read_bytes()[: settings_files.LARGEST + 1].decode("utf-8-sig", "replace")
            marks = settings_files.judge(path, None, folder.rules)
        except OSError:  # it is gone
            continue
        if marks:
            found.append((path, text, marks))
    return found


def _settings_files(folder: Folder) -> Iterator[Path]:
    """The settings files that decide over Python files of a folder."""
    top = folder.path
    assert top is not None
    places = {top}
    try:
        for path in python_files([top], folder.settings):
            place = path.parent
            while place not in places and place.is_relative_to(top):
                places.add(place)
                place = place.parent
    except FileError:  # the folder is gone
        return
    for place in sorted(places):
        for name in settings_files.NAMES:
            if os.path.isfile(place / name):  # noqa: PTH113 - Path.is_file raises where it can't look
                yield place / name


def _judge(session: Session, uri: str) -> None:
    """Judge an open file soon; while it is being judged, what is typed meanwhile is judged when that is done."""
    if uri not in session.project_files.busy:
        session.project_files.busy.add(uri)
        session.wire.later(_judge_open(session, uri), "looking at a rule or settings file")


async def _judge_open(session: Session, uri: str) -> None:
    files = session.project_files
    try:
        while (source := files.open.get(uri)) is not None:
            marks = await _marks(session, source)
            if files.open.get(uri) is source:
                session.left_out.checked(Path(source.path))
                return _show(session, uri, source, marks)
    except WorkerDied as error:  # what is shown stays, until the next change
        if source is not None:
            session.left_out.note(Path(source.path), error)
    finally:
        files.busy.discard(uri)


async def _marks(session: Session, source: Source) -> list[Mark]:
    path = convert.path_of(convert.uri_of(source.path))
    assert path is not None
    if settings_files.is_settings_file(path):
        rules = session.folder_of(path).rules
        return await asyncio.to_thread(settings_files.judge, path, source.text, rules)
    return await rule_files.judge(session.workers, path, source.text)


def _show(session: Session, uri: str, source: Source, marks: list[Mark]) -> None:
    """Publish what is wrong in an open file, unless it is what is shown already."""
    found = items(source.text, marks, session.client.encoding)
    files = session.project_files
    if files.shown.get(uri) == (source.version, found):
        return
    files.shown[uri] = (source.version, found)
    if session.client.only_pulls:
        session.held.put(uri, found, session.client)
    else:
        session.wire.send(diagnostics.METHOD, {"uri": uri, "version": source.version, "diagnostics": found})
