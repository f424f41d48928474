"""The service behind the routes: store, events, engine and provider, opened and closed in order."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from backend_team.hosted.engine import Engine
from backend_team.hosted.events import EventLog
from backend_team.hosted.limits import Limits
from backend_team.hosted.providers.local import LocalProvider
from backend_team.hosted.running import Workshop
from backend_team.hosted.store import accounts, deployments, executions
from backend_team.hosted.store.database import Database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from backend_team.hosted.steps import StepFunction
    from backend_team.templates.model import Template

logger = logging.getLogger(__name__)

HEARTBEAT: Final = 15.0  # seconds of silence after which a stream says that it lives
SHARED_HEARTBEAT: Final = 2.0  # with several processes a stream also looks whether another one wrote


@dataclass(frozen=True, slots=True)
class Hosting:
    """How the API is hosted.

    `folder` holds its files. `embedded`: on the machine of its only user, whose key has `key_hash` and who is on
    `plan`; no other process runs on the folder. Without it `database_url` and `engine_url` may name PostgreSQL, several
    processes may share them, and the work of one that has been silent for `lease_seconds` is taken over.
    """

    folder: Path
    commands: Mapping[str, StepFunction]
    templates: Mapping[str, Template]
    embedded: bool = False
    key_hash: str | None = None
    plan: str = "free"
    database_url: str | None = None
    engine_url: str | None = None
    lease_seconds: float = 30.0


class Service:
    """What the routes use."""

    def __init__(self, hosting: Hosting, database: Database, events: EventLog, stop: Callable[[], None]) -> None:
        self.hosting = hosting
        self.database = database
        self.events = events
        self.deployer = LocalProvider(hosting.folder / "deployments", self._deployment_changed)
        self.templates = hosting.templates
        self.limits = Limits()
        self.heartbeat = HEARTBEAT if hosting.embedded else SHARED_HEARTBEAT
        workshop = Workshop(
            database, events, hosting.commands, hosting.templates, self.deployer, hosting.folder / "executions"
        )
        self.engine = Engine(
            workshop,
            hosting.engine_url or hosting.folder / "engine.sqlite",
            exclusive=hosting.embedded,
            lease=timedelta(seconds=hosting.lease_seconds),
            on_lost=stop,
        )

    async def busy(self) -> bool:
        """Whether something would be interrupted by ending now: an execution, or an application that is deployed."""
        async with self.database.read() as session:
            return bool(await executions.active_ids(session)) or bool(await deployments.live_count(session))

    async def adopt_deployments(self) -> None:
        """Supervise again what should be running, whether its process is alive or not."""
        async with self.database.read() as session:
            rows = await deployments.to_adopt(session)
        for row in rows:
            try:
                await self.deployer.adopt(row.id, row.reference)
            except Exception as error:
                logger.exception("deployment %s", row.id)
                await self._deployment_changed(row.id, "failed", {"error": str(error)})

    async def _deployment_changed(self, deployment_id: str, status: str, reference: dict[str, Any]) -> None:
        async with self.database.write() as session:
            await deployments.change(session, deployment_id, status, reference)


@asynccontextmanager
async def open_service(hosting: Hosting, stop: Callable[[], None]) -> AsyncIterator[Service]:
    """The service, ready; at the end what runs is left to be resumed and what is deployed is stopped.

    `stop` asks the process to end (its work was taken over by another).
    """
    hosting.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(hosting.database_url or hosting.folder / "store.sqlite")
    await database.open()
    if hosting.key_hash is not None:
        async with database.write() as session:
            await accounts.keep_embedded(session, hosting.key_hash, hosting.plan)
    events = EventLog(database)
    service = Service(hosting, database, events, stop)
    await service.engine.start()
    adopting = asyncio.create_task(service.adopt_deployments())
    try:
        yield service
    finally:
        events.release()
        adopting.cancel()
        await asyncio.gather(adopting, return_exceptions=True)
        await service.engine.close()
        await service.deployer.close(stop=True)
        await events.close()
        await database.close()
