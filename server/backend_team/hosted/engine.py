"""The durable engine: runs the step graph of an execution so that a crash at any point continues where it was.

The only module that knows dbos. Its guards, each against a trap that was reproduced:

- every step's number is reserved in declared order before the first starts: dbos numbers steps as they start, so a
  graph resumed in another order would read another node's output;
- a process has an executor id of its own, and what a dead process left is taken over here (`_take_over`): dbos would
  leave it pending, and two processes of one id would both run it;
- the application version is pinned: dbos hashes sources, so every upgrade would orphan pending work;
- portable JSON instead of pickle; SQLite with WAL; steps are async and preemptible and give their failure as data, so
  that an error recorded is always the engine's own.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID
from sqlalchemy import URL, create_engine, event
from sqlalchemy.exc import DBAPIError

from backend_team.hosted.running import CANCELLED, FAILED, Run, Workshop
from backend_team.hosted.store import executions, executors
from backend_team.hosted.store.database import unusable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from dbos import StepReservation
    from sqlalchemy import Engine as SqlEngine

    from backend_team.templates.model import Step

logger = logging.getLogger(__name__)

APPLICATION: Final = "backend-team"
VERSION: Final = "1"  # raise it when a change of `_execute` makes what is pending unreadable
WORKFLOW: Final = "execution"
HEARTBEATS: Final = 6  # in the time of a lease: a process that misses five of them is taken for dead
CANCEL_MESSAGE: Final = "cancelled on request"
INTERNAL_MESSAGE: Final = "an error of the service itself; its log says more"
FINAL: Final = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


class Engine:
    """Runs executions; one per process, between `start` and `close`.

    `exclusive`: no other process can be alive (the embedded API holds a lock), so the work of every other executor is
    taken over at once; otherwise when its `lease` is over. `on_lost` is called when another process has taken over
    this one's work.
    """

    def __init__(
        self,
        workshop: Workshop,
        database_url: str | Path,
        *,
        exclusive: bool,
        lease: timedelta,
        on_lost: Callable[[], None],
    ) -> None:
        self._workshop = workshop
        self._url = database_url
        self._exclusive = exclusive
        self._lease = lease
        self._on_lost = on_lost
        self._id = str(uuid4())
        self._runs: dict[str, tuple[Run, asyncio.Task[Any]]] = {}
        self._keeper: asyncio.Task[None] | None = None
        self._closing = False

        @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)
        async def execution(execution_id: str) -> str:
            return await self._execute(execution_id)

        self._workflow = execution

    @property
    def running(self) -> int:
        """How many executions run here."""
        return len(self._runs)

    async def start(self) -> None:
        """Launch dbos, enter the lease, and take over what dead processes left."""
        config: DBOSConfig = {
            "name": APPLICATION,
            "application_version": VERSION,
            "executor_id": self._id,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "ERROR",
            "use_listen_notify": False,
            "notification_listener_polling_interval_sec": 0.2,  # not used here, but waited for at the end
        }
        if isinstance(self._url, str):
            config["system_database_url"] = self._url
        else:
            config["system_database_url"] = "sqlite:///"  # only the kind is read: the engine is given
            config["system_database_engine"] = _sqlite(self._url)
        DBOS(config=config)
        try:
            DBOS.launch()
        except DBAPIError as error:
            raise unusable(self._url, error) from error
        async with self._workshop.database.write() as session:
            await executors.join(session, self._id, self._lease)
        await self._take_over()
        self._keeper = asyncio.create_task(self._keep())

    async def submit(self, execution_id: str) -> None:
        """Start an execution; one that has started before is left alone."""
        with SetWorkflowID(execution_id):
            await DBOS.start_workflow_async(self._workflow, execution_id)

    async def cancel(self, execution_id: str) -> None:
        """Cancel an execution: here at once, in another process with its next heartbeat."""
        async with self._workshop.database.write() as session:
            await executions.request_cancel(session, execution_id)
        if found := self._runs.get(execution_id):
            found[0].cancelled.set()

    async def close(self) -> None:
        """Stop what runs without ending it: it stays pending and is resumed by the next process."""
        self._closing = True
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        tasks = [task for _, task in self._runs.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(DBOS.destroy)
        with suppress(Exception):
            async with self._workshop.database.write() as session:
                # The lease is given back by ending it, not by leaving: what is pending must still be found.
                await executors.renew(session, self._id, timedelta())

    async def _execute(self, execution_id: str) -> str:
        task = asyncio.current_task()
        assert task is not None
        if self._closing:
            raise asyncio.CancelledError
        run = await Run.open(self._workshop, execution_id)
        if run is None:
            return "over"  # killed after the end was written, before dbos wrote that the workflow is over
        self._runs[execution_id] = (run, task)
        try:
            return await self._run(run)
        except Exception:
            logger.exception("execution %s", execution_id)
            await run.abandon(FAILED, INTERNAL_MESSAGE)
            raise
        finally:
            del self._runs[execution_id]

    async def _run(self, run: Run) -> str:
        # Reserved in declared order, before anything runs: see the module's docstring. The three that every execution
        # has come first, so that they keep their numbers when the template is not there any more.
        check, clean_up, end = DBOS.reserve_step(), DBOS.reserve_step(), DBOS.reserve_step()
        nodes = [(step, DBOS.reserve_step()) for step in run.steps]

        status, message = (FAILED, run.fault) if run.fault else await self._graph(run, nodes)
        if message is None:
            status, message = FAILED, await _durable(check, "check success", run.check_success)
        if message is None:
            await _durable(end, "complete", run.complete)
            return "completed"
        await _durable(clean_up, "clean up", run.clean_up)
        await _durable(end, "abandon", partial(run.abandon, status, message))
        return status

    async def _graph(self, run: Run, nodes: list[tuple[Step, StepReservation]]) -> tuple[str, str | None]:
        """Run steps as soon as what they depend on is over; the first failure, or a cancellation, stops the others."""
        waiting = {step.id: (step, reservation) for step, reservation in nodes}
        over: set[int] = set()
        working: dict[asyncio.Task[Any], Step] = {}
        stop = asyncio.create_task(run.cancelled.wait())
        try:
            while waiting or working:
                if stop.done():
                    return CANCELLED, CANCEL_MESSAGE
                for step, reservation in [pair for pair in waiting.values() if over.issuperset(pair[0].depends_on)]:
                    del waiting[step.id]
                    work = _durable(reservation, step.name, partial(run.run_step, step))
                    working[asyncio.create_task(work)] = step
                await asyncio.wait({*working, stop}, return_when=asyncio.FIRST_COMPLETED)
                for task in [task for task in working if task.done()]:
                    step = working.pop(task)
                    message = task.result()
                    if message is not None and not step.optional:
                        return FAILED, f"{step.name}: {message}"
                    over.add(step.id)
            return "completed", None
        finally:
            for task in (stop, *working):
                task.cancel()
            await asyncio.gather(stop, *working, return_exceptions=True)

    async def _keep(self) -> None:
        """Every few seconds: renew the lease, obey cancellations, take over what the dead left."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / HEARTBEATS)
            try:
                async with self._workshop.database.write() as session:
                    kept = await executors.renew(session, self._id, self._lease)
                    wanted = await executions.cancel_requested(session, list(self._runs))
                if not kept:
                    logger.critical("the lease was lost: another process has taken over; ending")
                    self._on_lost()
                    return
                for execution_id in wanted:
                    if found := self._runs.get(execution_id):
                        found[0].cancelled.set()
                if not self._exclusive:
                    await self._take_over()
            except Exception:
                logger.exception("heartbeat")

    async def _take_over(self) -> None:
        """Resume what dead executors left, and start what was accepted but never started."""
        async with self._workshop.database.write() as session:
            if self._exclusive:
                dead = await executors.others(session, self._id)
            else:
                dead = await executors.claim_dead(session, self._id, self._lease)
        for executor in dead:
            pending = await DBOS.list_workflows_async(
                status="PENDING", executor_id=executor, load_input=False, load_output=False
            )
            for workflow in pending:
                logger.info("resuming execution %s", workflow.workflow_id)
                await DBOS.resume_workflow_async(workflow.workflow_id)
            async with self._workshop.database.write() as session:
                await executors.leave(session, executor)
        async with self._workshop.database.read() as session:
            active = [one for one in await executions.active_ids(session) if one not in self._runs]
        if active:
            known = await DBOS.list_workflows_async(workflow_ids=active, load_input=False, load_output=False)
            for execution_id in set(active) - {workflow.workflow_id for workflow in known}:
                await self.submit(execution_id)
            for workflow in known:
                # Its end could not be written (a full disk, say) when dbos wrote that the workflow is over.
                if workflow.status in FINAL and (run := await Run.open(self._workshop, workflow.workflow_id)):
                    await run.abandon(FAILED, INTERNAL_MESSAGE)


async def _durable(reservation: StepReservation, name: str, function: Callable[[], Awaitable[Any]]) -> Any:
    """Run a function as a recorded step; after a crash a recorded result is given back without running."""

    async def call() -> Any:
        return await function()

    return await reservation.run_async({"name": name, "preemptible": True}, call)


def _sqlite(file: Path) -> SqlEngine:
    """The engine of dbos' own database, as dbos configures it, with a write-ahead log besides (16 → 3 ms a step)."""
    engine = create_engine(URL.create("sqlite", database=str(file)))

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine
