"""Inventory: all that is shown now of open documents and closed files, taken at one moment, for a thread to count."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from backend_team.errors import SettingsError
from backend_team.lsp import convert, notebooks
from backend_team.lsp.seen import Seen, seen, unpacked
from backend_team.workspace.discovery import included
from backend_team.workspace.notebooks import Notebook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from backend_team.lsp.folders import Folder
    from backend_team.lsp.session import Session
    from backend_team.lsp.tally import Score
    from backend_team.rules.model import Rule
    from backend_team.text import Source

TURN: Final = 0.01  # seconds of the loop for open documents, before a keystroke goes first
SAFE: Final = "safe"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of one file or notebook; `in_bulk` is whether Fix Workspace goes through it."""

    uri: str
    items: list[Seen]
    in_bulk: bool


@dataclass(frozen=True)
class Inventory:
    """What was shown at one moment, and by what it is judged. Whatever it holds stays as it is."""

    folders: tuple[Folder, ...]
    outside: Folder
    asks: bool  # whether the client lets a person confirm an edit
    score: Score
    open: Mapping[str, list[Seen]] = field(default_factory=dict)
    closed: Mapping[str, bytes] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)  # of open documents, and of the cells of notebooks
    others: frozenset[str] = frozenset()  # open documents that are no files of Python: notebooks, rules, settings

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The rules of all folders; of two of the same id that of the first."""
        found: dict[str, Rule] = {}
        for folder in (*self.folders, self.outside):
            for rule in folder.rules:
                found.setdefault(rule.id, rule)
        return found

    def files(self) -> Iterator[Shown]:
        """All files of which something is shown."""
        for uri, items in self.open.items():
            yield Shown(uri, items, self._in_bulk(uri, items))
        for uri, content in self.closed.items():
            if uri not in self.open:
                yield Shown(uri, unpacked(content), in_bulk=True)

    def folder_of(self, path: Path) -> Folder:
        """The innermost folder that holds a file."""
        around = [one for one in self.folders if one.path and path.is_relative_to(one.path)]
        return max(around, key=lambda one: len(str(one.path)), default=self.outside)

    def is_fixed_in_bulk(self, file: Shown, one: Seen) -> bool:
        """Whether Fix Workspace mends a finding when its rule is named."""
        return file.in_bulk and one.is_fixable and (one.safety == SAFE or self.asks)

    def _in_bulk(self, uri: str, items: list[Seen]) -> bool:
        path = convert.path_of(uri)
        if path is None or uri in self.others or not any(one.is_fixable for one in items):
            return False
        folder = self.folder_of(path)
        if folder.path is None:
            return False
        try:
            return included(path, folder.path, folder.resolver)
        except SettingsError:
            return included(path, folder.path, folder.settings)


async def inventory(session: Session, only: str | None = None) -> Inventory:
    """What is shown now, of one file only when it is named; open documents a few in a turn of the loop."""
    found: dict[str, list[Seen]] = {}
    sources: dict[str, Source] = {}
    others: set[str] = set()
    end = time.monotonic() + TURN
    for uri in [one for one in (*session.documents, *session.project_files.open) if only in (None, one)]:
        if time.monotonic() > end:
            await asyncio.sleep(0)
            end = time.monotonic() + TURN
        session.count([uri])
        document = session.documents.get(uri)
        if isinstance(document, Notebook):
            others.add(uri)
            found[uri] = []
            for cell, items in notebooks.items_by_cell(session, uri, document):
                sources[cell.uri] = cell.source
                found[uri] += seen(items, cell.uri)
        elif document is not None:
            sources[uri] = document.source
            found[uri] = list(seen(session.items(uri)))
        elif (source := session.project_files.open.get(uri)) is not None:
            others.add(uri)
            sources[uri] = source
            found[uri] = list(seen(session.project_files.shown.get(uri, (None, []))[1]))
    return Inventory(
        tuple(session.folders.values()),
        session.outside,
        session.client.annotated_edits,
        session.tally.now,
        found,
        {uri: content for uri, content in session.closed.packed().items() if only in (None, uri)},
        sources,
        frozenset(others),
    )
