"""Restart Analysis, Show Status, and Show Rule."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from backend_team.errors import BackendTeamError
from backend_team.lsp import background, status, watching
from backend_team.lsp.progress import progress
from backend_team.rules.pages import page_url

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.session import Session


async def restart(session: Session, _params: protocol.Empty, token: str | int | None) -> protocol.CheckWorkspaceResult:
    """Begin anew: other worker processes, settings and rules read again, every text analysed again.

    Cancelled, it still judges all open documents by what it has read, and keeps what is known of closed files.
    """
    checked = 0
    cancelled = False
    status.become(session, "busy")
    try:
        async with progress(session, "Restarting the analysis", token or await session.own_token()) as reports:

            def advance(done: int, total: int) -> None:
                nonlocal checked
                checked = done
                reports.report(f"{done} of {total} files", 100 * done // max(1, total))

            session.workers.replace()
            session.closed.send_again()
            try:
                await asyncio.shield(session.wire.later(_read_again(session), "reading rules and settings again"))
                await watching.renew(session)
                await background.check_workspace(session, advance)
            except asyncio.CancelledError:
                cancelled = True
    finally:
        status.become(session, "ready")
    return {"files": checked, "findings": session.status()["findings"], "cancelled": cancelled}


async def _read_again(session: Session) -> None:
    """Read rules and settings and judge by them; not to be left in the middle."""
    for uri in list(session.folders):
        await session.reload(uri)
    await session.judge_again(all_of_them=True)


async def show_status(session: Session, _params: protocol.Empty, _token: str | int | None) -> protocol.Status:
    """The status as it is now."""
    return session.status()


async def show_rule(session: Session, params: protocol.RuleReference, _token: str | int | None) -> None:
    """Show the page of a rule in the editor, or say what it says where that can't be."""
    name = params["rule"]
    folders = (*session.folders.values(), session.outside)
    rule = next((folder.rules.by_id[name] for folder in folders if name in folder.rules.by_id), None)
    if rule is None:
        raise BackendTeamError(f"there is no rule {name}")
    if session.client.shows_documents:
        address = page_url(rule)
        shown = {"uri": address, "external": not address.startswith("file:"), "takeFocus": True}
        with suppress(BackendTeamError):  # the editor could not
            answer = await session.wire.ask("window/showDocument", shown)
            if isinstance(answer, dict) and answer.get("success"):
                return
    session.wire.show(f"{rule.title} ({rule.id})\n\n{rule.why.strip()}", session.wire.INFO)
