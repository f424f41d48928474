"""Snapshots: an open document at one moment, for what is worked out beside the loop."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.errors import StaleError

if TYPE_CHECKING:
    from backend_team.findings import ModuleReport
    from backend_team.lsp.folders import Folder
    from backend_team.settings import Settings
    from backend_team.text import LineIndex, Source
    from backend_team.workspace.notebooks import Table


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An open document as it is now: later changes don't touch it; `table` are the cells of a notebook."""

    uri: str
    source: Source
    report: ModuleReport
    folder: Folder
    settings: Settings
    table: Table | None = None

    @property
    def kind(self) -> str:
        """What a person calls it."""
        return "file" if self.table is None else "notebook"

    def part(self, uri: str) -> tuple[LineIndex, int]:
        """The lines that positions in a URI are about, and where they begin in the text: a cell has its own."""
        if self.table is not None and uri in self.table:
            cell, base = self.table.cell(uri)
            return cell.source.lines, base
        return self.source.lines, 0

    def part_at(self, offset: int) -> tuple[LineIndex, int]:
        """The lines that an offset of the text is shown in, and where they begin in the text."""
        place = self.table.at(offset) if self.table is not None else None
        return (self.source.lines, 0) if place is None else (place[0].source.lines, place[1])

    def require(self, wanted: int | None, uri: str | None = None) -> None:
        """Raise `StaleError` unless the document, or the cell that is named, has this version."""
        version = self.source.version
        if self.table is not None and uri is not None and uri in self.table:
            version = self.table.cell(uri)[0].source.version
        if wanted != version:
            raise StaleError(f"{Path(self.source.path).name} has changed since; nothing was applied", hint="try again")
