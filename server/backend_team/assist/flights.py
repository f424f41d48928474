"""Identical requests at the same time share one call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


Answer = TypeVar("Answer")


@dataclass
class _Flight(Generic[Answer]):
    task: asyncio.Task[Answer] | None = None
    waiting: list[Callable[[str], None]] = field(default_factory=list)

    def tell(self, message: str) -> None:
        for on_progress in list(self.waiting):
            on_progress(message)


class Flights(Generic[Answer]):
    """Calls under way by what they ask. A call ends early only when everyone who waits for it was cancelled."""

    def __init__(self) -> None:
        self._flights: dict[str, _Flight[Answer]] = {}

    async def share(
        self,
        question: str,
        on_progress: Callable[[str], None],
        call: Callable[[Callable[[str], None]], Awaitable[Answer]],
    ) -> Answer:
        """The answer of the call for this question that is under way, or of a new one."""
        flight = self._flights.get(question)
        if flight is None or flight.task is None or flight.task.done():
            flight = self._flights[question] = _Flight()
            flight.task = asyncio.ensure_future(call(flight.tell))
        flight.waiting.append(on_progress)
        task = flight.task
        assert task is not None
        try:
            return await asyncio.shield(task)
        finally:
            flight.waiting.remove(on_progress)
            if not flight.waiting:
                if self._flights.get(question) is flight:
                    del self._flights[question]
                if not task.done():
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)  # until its row in the ledger is settled

    async def aclose(self) -> None:
        """Cancel every call under way, and wait until each has ended."""
        tasks = [flight.task for flight in self._flights.values() if flight.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
