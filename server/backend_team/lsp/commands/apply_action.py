"""Edits sent to the client, and code actions for clients that can't resolve them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from backend_team.errors import StaleError
from backend_team.lsp import resolve

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.convert import JSON
    from backend_team.lsp.session import Session


async def run(session: Session, params: protocol.ActionData, _token: str | int | None) -> None:
    """Compute the edit of an action and send it."""
    await apply(session, "Fix", await resolve.edit_for(session, cast("dict[str, Any]", params)))


async def apply(session: Session, label: str, edit: JSON) -> None:
    """Let the client apply an edit; raises `StaleError` when it refuses."""
    answer = await session.wire.ask("workspace/applyEdit", {"label": label, "edit": edit})
    if not isinstance(answer, dict) or not answer.get("applied"):
        reason = answer.get("failureReason") if isinstance(answer, dict) else None
        raise StaleError(f"the editor did not apply the edit: {reason or 'the document has changed'}", hint="try again")
