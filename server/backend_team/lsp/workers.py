"""Worker processes: what takes long runs beside the loop.

There is one for what a person waits for, one for whole documents, some for closed files: none waits for another.

A worker loads the rules by itself and keeps them; nothing that came from an editor is executed in it. It has one job at
a time and `PATIENCE` for it: one that dies is replaced and the job begun anew, once; one that hangs is killed and
replaced. `BACKEND_TEAM_WORKER_PATIENCE` in the environment is another number of seconds, for tests of this.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING, Any, Final, TypeVar

from backend_team.errors import BackendTeamError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ProcessPoolExecutor

logger = logging.getLogger(__name__)

NICENESS: Final = 10
PATIENCE: Final = 60.0  # seconds for a job, and no job is longer than its longest file: see `jobs.TURN`
EACH: Final = 0.1  # seconds for each file of a job that must go through all of them
LEAVING: Final = 2.0  # seconds a killed process may take to go
GRACE: Final = (
    0.5  # seconds a job goes on after nobody wants it any more: shorter ones end before a process is replaced
)
TRIES: Final = 2  # a process may die without a fault of the file: of memory, or because it was killed
VARIABLE: Final = "BACKEND_TEAM_WORKER_PATIENCE"
Result = TypeVar("Result")


class WorkerDied(BackendTeamError):
    """A worker process ended over its work, twice, or was ended because it took too long; `reason` says which."""

    def __init__(self, reason: str) -> None:
        hint = "the log says more; `backend-team check` and `backend-team fix` take the time they need"
        super().__init__(f"this was given up: it {reason}", hint=hint)
        self.reason = reason


class Workers:
    """Pools of processes, each started when first needed."""

    def __init__(self, patience: float | None = None) -> None:
        self.patience = float(os.environ.get(VARIABLE, PATIENCE)) if patience is None else patience
        self._urgent = _Pool(1, 0)
        self._whole = _Pool(1, 0)
        self._idle = _Pool(self.spare, NICENESS)
        self._jobs: set[asyncio.Task[Any]] = set()
        self._unwanted: set[asyncio.Task[Any]] = set()  # those of the jobs that were ended
        self._closed = False

    async def soon(self, function: Callable[..., Result], *arguments: Any, patience: float | None = None) -> Result:
        """Run what a person waits for; raises `WorkerDied`."""
        return await self._run(self._urgent, self.patience if patience is None else patience, function, arguments)

    async def whole(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run what is done with a whole document, or may be of use soon; raises `WorkerDied`."""
        return await self._run(self._whole, self.patience, function, arguments)

    async def idle(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run what nobody waits for, at a low priority; raises `WorkerDied`."""
        return await self._run(self._idle, self.patience, function, arguments)

    async def through(self, files: int, function: Callable[..., Result], *arguments: Any) -> Result:
        """Run what must go through so many files at once, at a low priority; raises `WorkerDied`."""
        return await self._run(self._idle, self.patience + EACH * files, function, arguments)

    @property
    def spare(self) -> int:
        """How many idle processes there are: they are nice, so one for each core leaves the editor in peace."""
        return min(4, os.cpu_count() or 1)

    def replace(self) -> None:
        """End the processes, whatever they do; others do it again."""
        for slot in self._slots:
            slot.end()

    def close(self) -> None:
        """End the processes for good."""
        self._closed = True
        self.replace()
        for slot in self._slots:
            slot.join()

    @property
    def _slots(self) -> list[_Slot]:
        return [*self._urgent.slots, *self._whole.slots, *self._idle.slots]

    async def _run(
        self, pool: _Pool, patience: float, function: Callable[..., Result], arguments: tuple[Any, ...]
    ) -> Result:
        slot = await pool.free.get()
        # Whoever waited may be cancelled; the process goes on, and is free for others when it is done, not before.
        job = asyncio.get_running_loop().create_task(self._hold(pool, slot, patience, function, arguments))
        self._jobs.add(job)
        job.add_done_callback(self._done)
        try:
            return await asyncio.shield(job)
        except asyncio.CancelledError:
            if not job.done():
                asyncio.get_running_loop().call_later(GRACE, self._end, job, slot)
            raise

    def _end(self, job: asyncio.Task[Any], slot: _Slot) -> None:
        """End a job that nobody waits for."""
        if not job.done():
            self._unwanted.add(job)
            slot.end()

    async def _hold(
        self, pool: _Pool, slot: _Slot, patience: float, function: Callable[..., Result], arguments: tuple[Any, ...]
    ) -> Result:
        deaths = 0
        try:
            while deaths < TRIES and not self._closed and asyncio.current_task() not in self._unwanted:
                try:
                    async with asyncio.timeout(patience):
                        return await slot.begin(function, arguments)
                except TimeoutError:
                    slot.end()
                    logger.warning("a worker process took longer than %g seconds; it was ended", patience)
                    raise WorkerDied(f"took longer than {patience:g} seconds") from None
                except BrokenExecutor:
                    if slot.end():  # otherwise it was ended by `replace`
                        deaths += 1
                        logger.warning("a worker process died over its work")
            raise WorkerDied("ended its process")
        finally:
            pool.free.put_nowait(slot)

    def _done(self, job: asyncio.Task[Any]) -> None:
        self._jobs.discard(job)
        self._unwanted.discard(job)
        if not job.cancelled():
            job.exception()  # nobody may be left to ask


class _Pool:
    """Processes of one kind; the one that was free last is taken first, so that few are started."""

    def __init__(self, size: int, niceness: int) -> None:
        self.slots = [_Slot(niceness) for _ in range(size)]
        self.free: asyncio.LifoQueue[_Slot] = asyncio.LifoQueue()
        for slot in reversed(self.slots):
            self.free.put_nowait(slot)


class _Slot:
    """Room for one process with one job. An executor of its own: no other job ends with this one."""

    def __init__(self, niceness: int) -> None:
        self._niceness = niceness
        self._executor: ProcessPoolExecutor | None = None
        self._leaving: threading.Thread | None = None  # what waits for the process that was killed last

    def begin(self, function: Callable[..., Result], arguments: tuple[Any, ...]) -> asyncio.Future[Result]:
        """Begin a job; the future fails with `BrokenExecutor` when the process dies."""
        if self._executor is None:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            context = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(1, context, _begin, (self._niceness,))
        return asyncio.get_running_loop().run_in_executor(self._executor, function, *arguments)

    def end(self) -> bool:
        """Kill the process, whatever it does; the next job starts another. Whether there was one."""
        executor, self._executor = self._executor, None
        if executor is not None:
            processes = list((getattr(executor, "_processes", None) or {}).values())
            self._leaving = getattr(executor, "_executor_manager_thread", None)
            executor.shutdown(wait=False)
            for process in processes:
                process.kill()
        return executor is not None

    def join(self) -> None:
        """Wait until what was killed is gone: an interpreter that ends meanwhile writes to a pipe that is closed."""
        if self._leaving is not None:
            self._leaving.join(LEAVING)


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
