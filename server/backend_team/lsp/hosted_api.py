"""The way to the hosted API: its client library is loaded when the first command needs it, outside the loop."""

from __future__ import annotations

import asyncio
import importlib
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING

from backend_team.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import ModuleType

    from backend_team.client.api import ApiClient
    from backend_team.lsp.session import Session


@asynccontextmanager
async def connected(_session: Session) -> AsyncIterator[ApiClient]:
    """A client of the embedded API, which is started when it does not run."""
    embedded = await library()
    client: ApiClient = await embedded.connect()
    async with client:
        yield client


async def library() -> ModuleType:
    """`backend_team.client.embedded`; raises `ApiError` naming what to install when a package is missing."""
    try:
        return await asyncio.to_thread(_load)
    except ModuleNotFoundError as error:
        hint = "install it with: pip install 'ai-backend-team[lsp,api]'"
        raise ApiError(f"the package {error.name} is missing", hint=hint) from error


@cache
def _load() -> ModuleType:
    importlib.import_module("backend_team.client.api").load_transport()
    return importlib.import_module("backend_team.client.embedded")
