"""The local provider: an application is a supervised process on this machine, answering on loopback.

It outlives the API process: after a crash the next one finds it by pid and start time and supervises it again.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from backend_team.errors import StepError
from backend_team.hosted.providers.application import Application
from backend_team.hosted.providers.environment import prepare
from backend_team.hosted.providers.supervision import Pace, Supervisor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
    from pathlib import Path

    OnChange = Callable[[str, str, dict[str, Any]], Awaitable[None]]
    Log = Callable[[str, str], None]

PROVIDER = "local"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A healthy application: its address, and what finds it again."""

    url: str
    reference: dict[str, Any]


class LocalProvider:
    """Deploys into folders below one folder; `on_change(deployment_id, status, reference)` is told of every change.

    Statuses: deploying, running, stopped, failed, removed.
    """

    def __init__(self, folder: Path, on_change: OnChange, pace: Pace | None = None) -> None:
        self._folder = folder
        self._on_change = on_change
        self._pace = pace or Pace()
        self._supervisors: dict[str, Supervisor] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def folder_of(self, deployment_id: str) -> Path:
        """Where a deployment's files are."""
        return self._folder / str(UUID(deployment_id))

    async def deploy(
        self, deployment_id: str, name: str, snapshot: Path, environment: Mapping[str, str], log: Log
    ) -> Deployed:
        """Deploy a snapshot and wait until it is healthy; what an earlier attempt has done is kept.

        Raises `StepError` with the tail of the application's log.
        """
        if os.name != "posix":
            raise StepError("the local provider needs Linux or macOS")
        async with self._alone(deployment_id):
            about = {"name": name, "provider": PROVIDER}
            await self._on_change(deployment_id, "deploying", about)
            supervisor = self._supervisor(deployment_id)
            application = supervisor.application
            try:
                await asyncio.to_thread(application.install, snapshot)
                application.keep_environment(environment)
                await prepare(application.environment_folder, [application.code / "requirements.txt"], partial(log))
                if supervisor.running:
                    log("info", "the application runs already")
                    await supervisor.settle()
                else:
                    log("info", "starting the application")
                    await supervisor.start()
            except BaseException as error:
                await asyncio.shield(supervisor.stop())
                self._supervisors.pop(deployment_id, None)
                message = str(error) or type(error).__name__
                await asyncio.shield(self._on_change(deployment_id, "failed", {**about, "error": message}))
                raise
            reference = {**about, **supervisor.reference, "error": None}
            await self._on_change(deployment_id, "running", reference)
            supervisor.watch()
            log("info", f"{name} answers at {reference['url']}")
            return Deployed(str(reference["url"]), reference)

    async def adopt(self, deployment_id: str, reference: Mapping[str, Any]) -> None:
        """Supervise a deployment of an earlier process: alive it goes on, dead it is started again."""
        async with self._alone(deployment_id):
            if deployment_id in self._supervisors:
                return
            supervisor = self._supervisor(deployment_id)
            about = {name: reference[name] for name in ("name", "provider") if name in reference}
            try:
                if not supervisor.application.code.is_dir():
                    raise StepError("the files of the application are gone")
                if not supervisor.running:
                    await supervisor.start()
            except (StepError, OSError) as error:
                del self._supervisors[deployment_id]
                await self._on_change(deployment_id, "failed", {**about, "error": str(error)})
                return
            await self._on_change(deployment_id, "running", {**about, **supervisor.reference, "error": None})
            supervisor.watch()

    async def remove(self, deployment_id: str, reference: Mapping[str, Any]) -> None:
        """End the application and remove its files; nothing happens when it is gone already."""
        async with self._alone(deployment_id):
            supervisor = self._supervisor(deployment_id)
            await supervisor.stop()
            del self._supervisors[deployment_id]
            await asyncio.to_thread(supervisor.application.remove)
            await self._on_change(deployment_id, "removed", dict(reference))

    async def close(self, stop: bool) -> None:
        """Supervise nothing any more. With `stop` the applications are ended, otherwise they go on by themselves."""
        for deployment_id, supervisor in list(self._supervisors.items()):
            async with self._alone(deployment_id):
                if stop:
                    await supervisor.stop()
                    await self._on_change(deployment_id, "stopped", {})
                else:
                    await supervisor.release()
        self._supervisors.clear()

    def _supervisor(self, deployment_id: str) -> Supervisor:
        known = self._supervisors.get(deployment_id)
        if known is None:
            application = Application(self.folder_of(deployment_id))
            known = Supervisor(application, self._pace, partial(self._on_change, deployment_id))
            self._supervisors[deployment_id] = known
        return known

    @asynccontextmanager
    async def _alone(self, deployment_id: str) -> AsyncIterator[None]:
        """One operation on a deployment at a time."""
        async with self._locks.setdefault(deployment_id, asyncio.Lock()):
            yield
