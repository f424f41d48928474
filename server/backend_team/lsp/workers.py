"""Worker processes: what takes long runs beside the loop. One for what a person waits for, some for closed files.

A worker loads the rules by itself and keeps them; nothing that came from an editor is executed in it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ProcessPoolExecutor

logger = logging.getLogger(__name__)

NICENESS: Final = 10
Result = TypeVar("Result")


class WorkerDied(Exception):
    """A worker process ended over its work, twice."""


class Workers:
    """Two pools, made when first needed and made anew when a process of theirs died."""

    def __init__(self) -> None:
        self._pools: dict[bool, ProcessPoolExecutor] = {}
        self._closed = False

    async def soon(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run what a person waits for."""
        return await self._run(True, function, arguments)

    async def idle(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run what nobody waits for, at a low priority."""
        return await self._run(False, function, arguments)

    @property
    def spare(self) -> int:
        """How many idle processes there are: they are nice, so one for each core leaves the editor in peace."""
        return min(4, os.cpu_count() or 1)

    def replace(self) -> None:
        """End the processes, whatever they do; others do it again."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            processes = list((getattr(pool, "_processes", None) or {}).values())
            pool.shutdown(wait=False, cancel_futures=self._closed)
            for process in processes:
                process.kill()

    def close(self) -> None:
        """End the processes for good."""
        self._closed = True
        self.replace()

    async def _run(self, urgent: bool, function: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
        for attempt in (1, 2):
            pool = self._pool(urgent)
            try:
                return await asyncio.get_running_loop().run_in_executor(pool, function, *arguments)
            except BrokenExecutor:
                if self._pools.get(urgent) is pool:
                    del self._pools[urgent]
                if attempt == 2 or self._closed:
                    raise WorkerDied from None
                logger.warning("a worker process died; starting another")
        raise AssertionError("unreachable")

    def _pool(self, urgent: bool) -> ProcessPoolExecutor:
        pool = self._pools.get(urgent)
        if pool is None:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            pool = self._pools[urgent] = ProcessPoolExecutor(
                1 if urgent else self.spare, multiprocessing.get_context("spawn"), _begin, (0 if urgent else NICENESS,)
            )
        return pool


def _begin(niceness: int) -> None:
    """Set a worker up: it leaves the keyboard to its parent, is nice, and ends when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(0)

        threading.Thread(target=follow, daemon=True).start()
