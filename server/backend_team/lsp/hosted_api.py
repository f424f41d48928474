"""The way to the hosted API: its client library is loaded when the first command needs it, outside the loop."""

from __future__ import annotations

import asyncio
import importlib
import os
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING

from backend_team.errors import ApiError, FileError
from backend_team.settings import state_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
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
    """`backend_team.client.embedded`; raises `ApiError` naming what to install when a package is missing.

    Raises `FileError` where there can be no state folder.
    """
    try:
        found = await asyncio.to_thread(_load)
        await asyncio.to_thread(usable_state)
        return found
    except ModuleNotFoundError as error:
        hint = "install it with: pip install 'ai-backend-team[lsp,api]'"
        raise ApiError(f"the package {error.name} is missing", hint=hint) from error


def usable_state() -> Path:
    """The state folder, made when absent; raises `FileError` that says which it is and the way out."""
    try:
        return state_folder()
    except (OSError, RuntimeError) as error:  # a home that nobody has is a RuntimeError
        chosen = os.environ.get("BACKEND_TEAM_STATE_DIR")
        name = chosen or getattr(error, "filename", None) or "of this machine"
        reason = "it is a file" if isinstance(error, FileExistsError) else getattr(error, "strerror", None) or error
        way = "name another folder in BACKEND_TEAM_STATE_DIR" + (", or unset it" if chosen else "")
        message = f"the state folder {name} can't be used: {reason}; nothing is kept between two runs"
        raise FileError(message, hint=way) from error


@cache
def _load() -> ModuleType:
    importlib.import_module("backend_team.client.api").load_transport()
    return importlib.import_module("backend_team.client.embedded")
