"""The live side of events: log lines written in batches, changes with their status event, streams that resume."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict, deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from backend_team.hosted.store import events, executions
from backend_team.hosted.store.columns import now
from backend_team.hosted.store.tables import TemplateExecution

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy.ext.asyncio import AsyncSession

    from backend_team.hosted.store.database import Database
    from backend_team.hosted.store.tables import ExecutionEvent

logger = logging.getLogger(__name__)

BATCH_SECONDS: Final = 0.1  # log lines wait this long for company
LINE_LIMIT: Final = 8_192


class EventLog:
    """Writes the events of all executions of this process and wakes those who follow them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: defaultdict[str, deque[dict[str, Any]]] = defaultdict(deque)
        self._followers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._some = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._writer = asyncio.create_task(self._write_batches())
        self._closing = False

    def log(self, execution_id: str, step: str | None, level: str, message: str) -> None:
        """Note a line; it is written soon, and always before the next change of the execution."""
        line = {"timestamp": now().isoformat(), "level": level, "step": step, "message": message[:LINE_LIMIT]}
        self._waiting[execution_id].append(line)
        self._loop.call_soon_threadsafe(self._some.set)

    @asynccontextmanager
    async def change(self, execution_id: str, *, end: bool = False) -> AsyncIterator[AsyncSession]:
        """A transaction that changes an execution: its noted lines, the change, then its new state as an event."""
        lines = self._take(execution_id)
        try:
            async with self._database.write() as session:
                await events.append(session, execution_id, [(events.LOG, line) for line in lines])
                yield session
                await session.flush()
                execution = await session.get_one(TemplateExecution, execution_id, populate_existing=True)
                view = await executions.view(session, execution)
                last = [(events.END, view)] if end else []
                await events.append(session, execution_id, [(events.STATUS, view), *last])
        except BaseException:
            self._waiting[execution_id].extendleft(reversed(lines))
            raise
        self._wake(execution_id)

    async def follow(self, execution_id: str, sequence: int, patience: float) -> AsyncIterator[ExecutionEvent | None]:
        """The events after a number as they come, None after each `patience` seconds without one.

        Ends after the final event, and without it when the process is about to end.
        """
        woken = asyncio.Event()
        self._followers[execution_id].add(woken)
        try:
            while not self._closing:
                woken.clear()
                async with self._database.read() as session:
                    page = await events.after(session, execution_id, sequence)
                    over = not page and await events.ended(session, execution_id)
                for event in page:
                    yield event
                    sequence = event.sequence
                if over or (page and page[-1].kind == events.END):
                    return
                if not page:
                    try:
                        await asyncio.wait_for(woken.wait(), patience)
                    except TimeoutError:
                        yield None
        finally:
            self._followers[execution_id].discard(woken)
            if not self._followers[execution_id]:
                del self._followers[execution_id]

    def release(self) -> None:
        """Let everyone go who follows: the process is about to end, and they come back to the next one."""
        self._closing = True
        for execution_id in self._followers:
            self._wake(execution_id)

    async def close(self) -> None:
        """Write what is noted and end."""
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)
        await self._write_all()

    async def _write_batches(self) -> None:
        while True:
            await self._some.wait()
            await asyncio.sleep(BATCH_SECONDS)
            self._some.clear()
            try:
                await self._write_all()
            except Exception:
                logger.exception("log lines could not be written; they are kept and tried again")
                await asyncio.sleep(1)
                self._some.set()

    async def _write_all(self) -> None:
        for execution_id in [key for key, lines in self._waiting.items() if lines]:
            lines = self._take(execution_id)
            try:
                async with self._database.write() as session:
                    await events.append(session, execution_id, [(events.LOG, line) for line in lines])
            except BaseException:
                self._waiting[execution_id].extendleft(reversed(lines))
                raise
            self._wake(execution_id)

    def _take(self, execution_id: str) -> list[dict[str, Any]]:
        return list(self._waiting.pop(execution_id, ()))

    def _wake(self, execution_id: str) -> None:
        for woken in self._followers.get(execution_id, ()):
            woken.set()
