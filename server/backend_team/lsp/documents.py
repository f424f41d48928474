"""Document sync: open, change, close. Plain functions, so that changes are applied in the order they came."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from backend_team.lsp import background, convert, project_files, status

if TYPE_CHECKING:
    from lsprotocol import types

    from backend_team.lsp.session import Session

logger = logging.getLogger(__name__)

PYTHON: Final = (".py", ".pyw", ".pyi")
NO_PYTHON: Final = (".toml", ".yaml", ".yml")  # whatever the client says: older Eglot has one language for a server


def did_open(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    """A document was opened: Python is analysed, anything else is left alone."""
    document = params.text_document
    uri = document.uri
    if uri.endswith(PYTHON) or (document.language_id == "python" and not uri.endswith(NO_PYTHON)):
        session.open(uri, document.text, document.version)
        status.changed(session)
    else:
        project_files.opened(session, document)


def did_change(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """A document was changed: analyse what the change touches, and publish."""
    uri, number = params.text_document.uri, params.text_document.version
    document = session.documents.get(uri)
    if document is None:
        project_files.changed(session, params)
        return
    if document.source.version is not None and number <= document.source.version:
        logger.warning("version %s of %s came after %s", number, uri, document.source.version)
    document.change(number, [convert.change(change, session.client.encoding) for change in params.content_changes])
    session.publish(uri)
    status.changed(session)


def did_close(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    """A document was closed: from now on its file counts."""
    uri = params.text_document.uri
    if uri in session.documents:
        session.close(uri)
        background.check_again(session, [uri])
    else:
        project_files.closed(session, uri)


def did_save(session: Session, params: types.DidSaveTextDocumentParams) -> None:
    """A document was saved: its text is known already; a large one is compared with the baseline as a whole."""
    if params.text_document.uri in session.documents:
        session.wire.later(session.compare_again(params.text_document.uri), "comparing with the baseline")
