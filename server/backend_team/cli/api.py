"""`backend-team api`: the embedded hosted API of this machine."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from backend_team.errors import BackendTeamError

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace) -> int:
    """Do the action; `status` gives 1 when none runs."""
    try:
        from backend_team.client import embedded
    except ModuleNotFoundError as error:
        raise BackendTeamError(f"{error.name} is missing", hint='pip install "ai-backend-team[lsp,api]"') from None
    if options.action == "stop":
        print("stopped" if asyncio.run(embedded.stop()) else "the API was not running")
        return 0
    if options.action == "start":
        asyncio.run(_start())
    running = asyncio.run(embedded.status())
    if running is None:
        print("the API is not running; it starts with the first template, or with: backend-team api start")
        return 1
    print(f"running at {running.endpoint.url}, process {running.pid}, version {running.version}")
    return 0


async def _start() -> None:
    from backend_team.client import embedded

    client = await embedded.connect()
    await client.aclose()
