"""List Cleanup: what is to be cleaned, as a tree that is asked for level by level."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from backend_team.lsp import cleanup
from backend_team.lsp.inventory import inventory
from backend_team.lsp.wire import InvalidParams

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.session import Session


async def run(session: Session, params: protocol.CleanupParams, _token: str | int | None) -> list[protocol.CleanupItem]:
    """The items below a parent, or at the top; none when the parent is gone."""
    view = params["view"]
    if view not in cleanup.LEVELS:
        raise InvalidParams(f"there is no view {view}; there are {', '.join(cleanup.LEVELS)}")
    parts = cleanup.parts_of(params)
    if parts is None:
        return []
    found = await inventory(session, cleanup.file_of(view, parts))
    return await asyncio.to_thread(cleanup.children, found, view, parts)
