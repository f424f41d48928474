"""Notebook sync: the cells of a notebook are one document; findings are published cell by cell.

Plain functions, so that changes are applied in the order they came.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from lsprotocol import types

from backend_team.findings import Withheld
from backend_team.lsp import convert, diagnostics, status
from backend_team.text import Source
from backend_team.workspace.documents import after
from backend_team.workspace.notebooks import PYTHON, Cell, Notebook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from backend_team.findings import ModuleReport
    from backend_team.lsp.capabilities import Capabilities
    from backend_team.lsp.session import Session
    from backend_team.text import Edit, Encoding
    from backend_team.workspace.notebooks import Table

SYNC: Final = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithNotebook(notebook="*", cells=[types.NotebookCellLanguage(PYTHON)])
    ],
    save=True,
)


@dataclass
class Opened:
    """A notebook as the client has it; `shown` are the report and the diagnostics published last for each cell."""

    order: list[tuple[str, bool]]  # each cell's URI, and whether it holds code
    texts: dict[str, tuple[str, Source]] = field(default_factory=dict)  # by URI: the language and the text
    shown: dict[str, tuple[ModuleReport, list[convert.JSON]]] = field(default_factory=dict)
    _made: dict[str, Cell] = field(default_factory=dict)

    def open(self, items: Iterable[types.TextDocumentItem]) -> None:
        """Take the texts of cells that were opened."""
        for item in items:
            self.texts[item.uri] = item.language_id, Source(item.uri, item.text, item.version)

    def follow(self, change: types.NotebookDocumentCellChanges, encoding: Encoding) -> None:
        """Follow a change: cells that came, went or moved, others of another kind, and texts."""
        if change.structure is not None:
            array = change.structure.array
            self.order[array.start : array.start + array.delete_count] = _order(array.cells or ())
            for closed in change.structure.did_close or ():
                self.texts.pop(closed.uri, None)
            self.open(change.structure.did_open or ())
        kinds = dict(_order(change.data or ()))
        self.order = [(uri, kinds.get(uri, is_code)) for uri, is_code in self.order]
        for content in change.text_content or ():
            uri = content.document.uri
            if uri in self.texts:
                language, source = self.texts[uri]
                changes = [convert.change(one, encoding) for one in content.changes]
                self.texts[uri] = language, after(source, changes, content.document.version)[0]

    def cells(self) -> list[Cell]:
        """The cells as they are now; one that did not change is the one it was."""
        made: dict[str, Cell] = {}
        for uri, is_code in self.order:
            language, source = self.texts.get(uri, ("", Source(uri, "")))
            is_python = is_code and language == PYTHON
            known = self._made.get(uri)
            if known is None or known.source is not source or known.is_python != is_python:
                known = Cell(uri, source, is_python)
            made[uri] = known
        self._made = made
        return list(made.values())


class Notebooks:
    """The open notebooks, by URI."""

    def __init__(self) -> None:
        self.opened: dict[str, Opened] = {}

    def uri_of(self, uri: str) -> str:
        """The URI of the notebook that a cell is of; what is no cell of an open notebook stays as it is."""
        return next((notebook for notebook, one in self.opened.items() if uri in one.texts), uri)


def did_open(session: Session, params: types.DidOpenNotebookDocumentParams) -> None:
    """A notebook was opened: its Python cells are analysed as one module."""
    notebook = params.notebook_document
    opened = session.notebooks.opened[notebook.uri] = Opened(_order(notebook.cells))
    opened.open(params.cell_text_documents)
    path = convert.path_of(notebook.uri)
    folder = session.folder_of(path)
    session.take(notebook.uri, Notebook(str(path or notebook.uri), opened.cells(), folder.rules, folder.of(path)))
    status.changed(session)


def did_change(session: Session, params: types.DidChangeNotebookDocumentParams) -> None:
    """Cells were changed, came, went or moved: analyse what that touches, and publish."""
    uri, change = params.notebook_document.uri, params.change.cells
    document = session.documents.get(uri)
    if change is None or not isinstance(document, Notebook):
        return
    opened = session.notebooks.opened[uri]
    opened.follow(change, session.client.encoding)
    document.become(opened.cells())
    session.publish(uri)
    status.changed(session)


def did_save(session: Session, params: types.DidSaveNotebookDocumentParams) -> None:
    """A notebook was saved: its text is known already; a large one is compared with the baseline as a whole."""
    if params.notebook_document.uri in session.notebooks.opened:
        session.wire.later(session.compare_again(params.notebook_document.uri), "comparing with the baseline")


def did_close(session: Session, params: types.DidCloseNotebookDocumentParams) -> None:
    """A notebook was closed: the findings of its cells go with it."""
    uri = params.notebook_document.uri
    opened = session.notebooks.opened.pop(uri, None)
    if opened is None:
        return
    session.drop(uri)
    for cell in list(opened.shown):
        _clear(session, opened, cell)
    status.changed(session)


def publish(session: Session, uri: str, document: Notebook) -> None:
    """Push what is known of the cells: of those that were changed, and of those whose findings are others."""
    opened = session.notebooks.opened[uri]
    parts = document.by_cell(session.report(uri))
    for cell in document.table.cells:
        if not cell.is_python:
            continue
        report, (before, shown) = parts[cell.uri], opened.shown.get(cell.uri, (None, None))
        if report is before:
            continue
        items = diagnostics.items(cell.source, report, _client(session), document.rules, cell.uri)
        opened.shown[cell.uri] = report, items
        if before is None or before.version != report.version or shown != items:
            params = {"uri": cell.uri, "version": report.version, "diagnostics": items}
            session.wire.send(diagnostics.METHOD, params)
    for gone in opened.shown.keys() - parts.keys():
        _clear(session, opened, gone)


def items_of(session: Session, uri: str) -> list[convert.JSON] | None:
    """What is known of a cell, for a client that asks; None where there is no such cell."""
    document = session.documents.get(session.notebooks.uri_of(uri))
    if not isinstance(document, Notebook) or uri not in document.table:
        return None
    cell, _ = document.table.cell(uri)
    report = document.by_cell(session.report(session.notebooks.uri_of(uri)))[uri]
    return diagnostics.items(cell.source, report, _client(session), document.rules, cell.uri)


def items_by_cell(session: Session, uri: str, document: Notebook) -> list[tuple[Cell, list[convert.JSON]]]:
    """What is known of the cells of an open notebook."""
    parts = document.by_cell(session.report(uri))
    cells = [cell for cell in document.table.cells if cell.uri in parts]
    client = _client(session)
    return [(cell, diagnostics.items(cell.source, parts[cell.uri], client, document.rules, cell.uri)) for cell in cells]


def _client(session: Session) -> Capabilities:
    """The client, which is not told of related places: they may be in another cell."""
    return replace(session.client, shows_related=False)


def workspace_edit(
    table: Table, edits: Sequence[Edit], client: Capabilities, note: tuple[str, str] | None
) -> convert.JSON | Withheld:
    """Edits of a notebook as the client takes them, each cell bound to its version; or why they are withheld."""
    parts = table.cell_edits("the fix", edits)
    if isinstance(parts, Withheld):
        return parts
    changes = {cell.uri: convert.text_edits(cell.source.lines, own, client.encoding) for cell, own in parts}
    if not client.versioned_edits:
        return {"changes": changes}
    whole: convert.JSON = {"documentChanges": []}
    for cell, _ in parts:
        one = convert.workspace_edit(cell.uri, cell.source.version, changes[cell.uri], note)
        whole["documentChanges"] += one.pop("documentChanges")
        whole |= one
    return whole


def _order(cells: Iterable[types.NotebookCell]) -> list[tuple[str, bool]]:
    return [(cell.document, cell.kind == types.NotebookCellKind.Code) for cell in cells]


def _clear(session: Session, opened: Opened, cell: str) -> None:
    _, items = opened.shown.pop(cell)
    if items:
        session.wire.send(diagnostics.METHOD, {"uri": cell, "diagnostics": []})
