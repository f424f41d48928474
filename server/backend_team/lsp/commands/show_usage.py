"""Show Usage: the meter of the month; the embedded API is started for it when it does not run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.lsp import hosted_api, usage

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.session import Session


async def run(session: Session, _params: protocol.Empty, _token: str | int | None) -> protocol.Usage:
    """The usage, which is sent as a notification too."""
    async with hosted_api.connected(session) as api:
        return await usage.tell(session, api)
