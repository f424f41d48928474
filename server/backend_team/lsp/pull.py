"""Diagnostics for clients that pull them and can't be pushed to; others are pushed to, and would show both."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final

from backend_team.errors import BackendTeamError
from backend_team.lsp import convert, notebooks
from backend_team.lsp.wire import AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from lsprotocol import types

    from backend_team.lsp.capabilities import Capabilities
    from backend_team.lsp.known import View
    from backend_team.lsp.session import Session
    from backend_team.lsp.wire import Wire
    from backend_team.workspace.documents import Document

logger = logging.getLogger(__name__)

CLOSED: Final = "closed-"  # what the numbers of closed files begin with
REFRESH_SECONDS: Final = 0.2  # a client that pulls asks of its own after each of its edits


class Held:
    """The diagnostics of closed files, each with a number that changes with them."""

    def __init__(self, wire: Wire) -> None:
        self.reports: dict[str, tuple[str, list[convert.JSON]]] = {}
        self._wire = wire
        self._count = 0
        self._refreshing = False
        self._again = False

    def put(self, uri: str, items: list[convert.JSON], client: Capabilities) -> None:
        """Hold what is known of a file."""
        if items:
            self._count += 1
            self.reports[uri] = (f"{CLOSED}{self._count}", items)
        else:
            self.reports.pop(uri, None)
        self.refresh(client)

    def refresh(self, client: Capabilities) -> None:
        """Tell the client to ask again, once for all that happens in a moment, and until it has answered."""
        if client.refreshes:
            self._again = True
            if not self._refreshing:
                self._refreshing = True
                self._wire.later(self._ask(), "asking for a refresh")

    async def _ask(self) -> None:
        try:
            while self._again:
                await asyncio.sleep(REFRESH_SECONDS)
                self._again = False
                try:
                    await self._wire.ask("workspace/diagnostic/refresh", None, AT_ONCE)
                except BackendTeamError as error:
                    logger.warning("%s", error.message)
        finally:
            self._refreshing = False


def document_diagnostic(
    session: Session, params: types.DocumentDiagnosticParams
) -> convert.JSON | Coroutine[Any, Any, convert.JSON]:
    """textDocument/diagnostic: what is known of a document; nothing new where it is as the client knows it.

    A large document is answered for when it has been analysed: nothing found would be another answer.
    """
    if session.notebooks.uri_of(params.text_document.uri) in session.analysing:
        return _when_analysed(session, params)
    return _known(session, params)


async def _when_analysed(session: Session, params: types.DocumentDiagnosticParams) -> convert.JSON:
    await session.analysed(session.notebooks.uri_of(params.text_document.uri))
    return _known(session, params)


def _known(session: Session, params: types.DocumentDiagnosticParams) -> convert.JSON:
    uri = params.text_document.uri
    if (of_cell := notebooks.items_of(session, uri)) is not None:
        return {"kind": "full", "items": of_cell}
    document = session.documents.get(uri)
    if document is None:
        return _report(*session.held.reports.get(uri, ("", [])), params.previous_result_id)
    if document.module is None:  # its analysis failed
        return {"kind": "full", "items": []}
    return _report(_result_id(document, session.views[uri]), session.items(uri), params.previous_result_id)


def workspace_diagnostic(session: Session, params: types.WorkspaceDiagnosticParams) -> convert.JSON:
    """workspace/diagnostic: what is known of closed files."""
    known = {one.uri: one.value for one in params.previous_result_ids}
    gone = {
        uri
        for uri in known.keys() - session.held.reports.keys()
        if uri not in session.documents or known[uri].startswith(CLOSED)  # it was opened: it is asked for by itself
    }
    reports = [
        {"uri": uri, "version": None, **_report(number, items, known.get(uri))}
        for uri, (number, items) in session.held.reports.items()
    ]
    reports += [{"uri": uri, "version": None, "kind": "full", "items": []} for uri in sorted(gone)]
    return {"items": reports}


def _result_id(document: Document, view: View) -> str:
    judged = f"{view.number}-{document.source.version}-{document.rules.digest[:12]}-{document.settings.digest[:12]}"
    return judged if view.known is None else f"{judged}-{view.known.number}"


def _report(number: str, items: list[convert.JSON], previous: str | None) -> convert.JSON:
    if number and number == previous:
        return {"kind": "unchanged", "resultId": number}
    return {"kind": "full", "items": items} | ({"resultId": number} if number else {})
