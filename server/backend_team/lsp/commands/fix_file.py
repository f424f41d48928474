"""Fix File: every safe fix of one open document, as one edit the editor can undo at once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.lsp import resolve
from backend_team.lsp.commands.apply_action import apply
from backend_team.lsp.progress import progress
from backend_team.workspace.notebooks import line_in_cell

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.session import Session


async def run(session: Session, params: protocol.FixFileParams, token: str | int | None) -> protocol.FixFileResult:
    """Apply the fixes; raises `StaleError` when the document has another version. Cancelled, it applies none."""
    snapshot = session.snapshot(params["uri"])
    snapshot.require(params["version"], params["uri"])
    async with progress(session, f"Fixing {Path(snapshot.source.path).name}", token):
        fixed = await resolve.fix_file(session, snapshot)
    session.snapshot(snapshot.uri).require(snapshot.source.version)
    if fixed.edits:
        await apply(session, "Fix all safe findings", resolve.workspace_edit(session, snapshot, fixed.edits))
    after = fixed.source  # they count in the text after
    line_of = after.lines.line_of if snapshot.table is None else partial(line_in_cell, after)
    return {
        "applied": len(fixed.applied),
        "withheld": [
            {"rule": one.rule, "line": line_of(min(one.span.start, len(after.text))), "reason": one.reason}
            for one in fixed.withheld
        ],
    }
