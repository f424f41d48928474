"""Progress of a command, under the token the client made; its Cancel cancels the command."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from lsprotocol import types

    from backend_team.lsp.session import Session

    Token = str | int


class Progress:
    """Reports of one command; silent when the client gave no token."""

    def __init__(self, session: Session, token: Token | None) -> None:
        self._session = session
        self._token = token
        self._last: tuple[str, int | None] | None = None

    def report(self, message: str, percentage: int | None = None) -> None:
        """Say what happens now; the same twice is said once."""
        if (message, percentage) != self._last:
            self._last = (message, percentage)
            shown = {} if percentage is None else {"percentage": max(0, min(100, percentage))}
            self.send({"kind": "report", "message": message, **shown})

    def send(self, value: dict[str, object]) -> None:
        """Send one value."""
        if self._token is not None:
            self._session.wire.send("$/progress", {"token": self._token, "value": value})


@asynccontextmanager
async def progress(session: Session, title: str, token: Token | None) -> AsyncIterator[Progress]:
    """Begin and end around a block; a cancel of the client cancels the task that runs it."""
    reports = Progress(session, token)
    task = asyncio.current_task()
    if token is not None and task is not None:
        session.cancellable[token] = task
    reports.send({"kind": "begin", "title": title, "cancellable": True, "percentage": 0})
    try:
        yield reports
    finally:
        reports.send({"kind": "end"})
        if token is not None:
            session.cancellable.pop(token, None)


def cancel(session: Session, params: types.WorkDoneProgressCancelParams) -> None:
    """window/workDoneProgress/cancel: end what runs under the token."""
    task = session.cancellable.get(params.token)
    if task is not None:
        task.cancel()
