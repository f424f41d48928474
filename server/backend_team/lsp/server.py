"""The language server: wiring only. `main` takes the streams and runs until the client, or its process, is gone."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from backend_team.lsp import (
    code_action,
    code_lens,
    configuration,
    diagnostics,
    documents,
    hover,
    lifecycle,
    notebooks,
    progress,
    project_files,
    pull,
    resolve,
    transport,
    watching,
)
from backend_team.lsp.commands import COMMANDS, execute
from backend_team.lsp.memory import share_heap
from backend_team.lsp.session import Session
from backend_team.lsp.wire import Wire
from backend_team.lsp.workers import Workers
from backend_team.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

SLOW_TURN: Final = 0.05  # seconds; Python's development mode logs a turn of the loop that lasts longer
FEATURES: Final[dict[str, tuple[Callable[..., Any], Any]]] = {
    types.INITIALIZE: (lifecycle.initialize, None),
    types.INITIALIZED: (lifecycle.initialized, None),
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: (lifecycle.folders_changed, None),
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: (configuration.did_change_configuration, None),
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: (watching.did_change_watched_files, None),
    types.TEXT_DOCUMENT_DID_OPEN: (documents.did_open, None),
    types.TEXT_DOCUMENT_DID_CHANGE: (documents.did_change, None),
    types.TEXT_DOCUMENT_DID_SAVE: (documents.did_save, None),
    types.TEXT_DOCUMENT_DID_CLOSE: (documents.did_close, None),
    types.NOTEBOOK_DOCUMENT_DID_OPEN: (notebooks.did_open, None),
    types.NOTEBOOK_DOCUMENT_DID_CHANGE: (notebooks.did_change, None),
    types.NOTEBOOK_DOCUMENT_DID_SAVE: (notebooks.did_save, None),
    types.NOTEBOOK_DOCUMENT_DID_CLOSE: (notebooks.did_close, None),
    types.TEXT_DOCUMENT_HOVER: (hover.hover, None),
    types.TEXT_DOCUMENT_COMPLETION: (project_files.completion, types.CompletionOptions(trigger_characters=["$"])),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        code_action.code_action,
        types.CodeActionOptions(code_action_kinds=list(code_action.KINDS), resolve_provider=True),
    ),
    types.TEXT_DOCUMENT_CODE_LENS: (code_lens.code_lens, types.CodeLensOptions()),
    types.TEXT_DOCUMENT_DIAGNOSTIC: (
        pull.document_diagnostic,
        types.DiagnosticOptions(
            inter_file_dependencies=False, workspace_diagnostics=True, identifier=diagnostics.SOURCE
        ),
    ),
    types.WORKSPACE_DIAGNOSTIC: (pull.workspace_diagnostic, None),
    types.CODE_ACTION_RESOLVE: (resolve.resolve, None),
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL: (progress.cancel, None),
    types.WORKSPACE_EXECUTE_COMMAND: (execute, None),
}


def build() -> tuple[Wire, Session]:
    """A server and its session, not yet attached to a client."""
    server = LanguageServer(
        "ai-backend-team",
        VERSION,
        protocol_cls=Wire,
        converter_factory=default_converter,
        notebook_document_sync=notebooks.SYNC,
    )
    wire = server.protocol
    assert isinstance(wire, Wire)
    session = Session(wire, Workers())
    for method, (handler, options) in FEATURES.items():
        server.feature(method, options)(partial(handler, session))
    for command in COMMANDS:
        server.command(command)(partial(_through_execute, command))
    return wire, session


def _through_execute(command: str) -> None:
    raise AssertionError(f"{command} is dispatched by workspace/executeCommand")


async def serve(wire: Wire, session: Session, channel: transport.Channel) -> int:
    """Serve one client; the exit code."""
    loop = asyncio.get_running_loop()
    loop.slow_callback_duration = SLOW_TURN

    def deliver(body: bytes | None) -> None:
        if body is None:
            wire.finish(0 if wire.is_shut_down else 1)
        else:
            wire.receive(body)

    await channel.connect(wire.attach, deliver)
    assert wire.ended is not None
    code = await wire.ended
    await wire.cancel_all()
    await session.aclose()
    await wire.aclose()
    return code


def main(arguments: list[str] | None = None) -> int:
    """Run the server on the standard streams, or for one client on a port."""
    parser = argparse.ArgumentParser(prog="backend-team lsp", description="The language server of AI Backend Team.")
    parser.add_argument("--stdio", action="store_true", help="speak on the standard streams (the default)")
    parser.add_argument("--tcp", metavar="HOST:PORT", help="wait for one client on a port instead; 0 takes a free one")
    parser.add_argument("--log-level", default="warning", choices=("debug", "info", "warning", "error"))
    parser.add_argument("--version", action="version", version=VERSION)
    options = parser.parse_args(arguments)
    logging.basicConfig(
        stream=sys.stderr, level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("pygls").setLevel(logging.WARNING)  # it logs whole messages, code and all, at INFO
    if options.tcp:
        try:
            channel = transport.connection(*transport.address(options.tcp))
        except (OSError, ValueError) as error:  # a host that no name can be is a ValueError too
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            parser.exit(2, f"error: --tcp {options.tcp}: {reason}\n")
        except KeyboardInterrupt:
            return 130
    else:
        channel = transport.standard_streams()
    share_heap()
    wire, session = build()
    gc.freeze()  # what is loaded stays: no collection has to look at it
    gc.enable()
    try:
        return asyncio.run(serve(wire, session, channel))
    except KeyboardInterrupt:
        return 130
