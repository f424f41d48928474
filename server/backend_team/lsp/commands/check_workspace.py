"""Check Workspace: every Python file of the folders, in worker processes, with progress."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from backend_team.lsp import background, status, watching
from backend_team.lsp.progress import progress

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.session import Session


async def run(
    session: Session, _params: protocol.CheckWorkspaceParams, token: str | int | None
) -> protocol.CheckWorkspaceResult:
    """Check and publish; a cancelled check keeps what it has found."""
    checked = 0
    cancelled = False
    status.become(session, "busy")
    async with progress(session, "Checking the workspace", token or await session.own_token()) as reports:

        def advance(done: int, total: int) -> None:
            nonlocal checked
            checked = done
            reports.report(f"{done} of {total} files", 100 * done // max(1, total))

        try:
            await watching.renew(session)
            await background.check_workspace(session, advance)
        except asyncio.CancelledError:
            cancelled = True
        finally:
            status.become(session, "ready")
    return {"files": checked, "findings": session.status()["findings"], "cancelled": cancelled}
