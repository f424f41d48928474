"""The supervision of one application: started until it answers its health check, started again when it dies."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from backend_team.errors import StepError
from backend_team.hosted.providers.application import Application, Process
from backend_team.hosted.providers.processes import alive, end, spawn, stray

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
BIND_ATTEMPTS = 3
ASK_AGAIN = 0.1
ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient supervision is, in seconds.

    `healthy_within`: from start to the first answer. `restarts`: how often a dying application is started again before
    it has failed; one that ran for `settled` seconds begins anew. `pause`: before the first restart, doubled each time.
    """

    healthy_within: float = 60.0
    restarts: int = 5
    settled: float = 60.0
    pause: float = 0.5
    poll: float = 0.2
    grace: float = 5.0


class Supervisor:
    """Keeps one application running; `report(status, details)` is told of every change."""

    def __init__(
        self, application: Application, pace: Pace, report: Callable[[str, dict[str, Any]], Awaitable[None]]
    ) -> None:
        self.application = application
        self._pace = pace
        self._report = report
        self._process = application.remembered()
        self._watch: asyncio.Task[None] | None = None

    @property
    def reference(self) -> dict[str, Any]:
        """How the running process is found again: address, pid and start time."""
        assert self._process is not None
        identity, port = self._process.identity, self._process.port
        return {"url": f"http://{LOOPBACK}:{port}", "port": port, "pid": identity.pid, "started": identity.started}

    @property
    def running(self) -> bool:
        """Whether the application's very process is alive."""
        return self._process is not None and alive(self._process.identity)

    async def start(self) -> None:
        """Start the application and wait until it is healthy; its port of before is kept if it is free.

        Raises `StepError` with the tail of its log when it ends or does not become healthy in time.
        """
        await self._end_stray()
        for attempt in range(BIND_ATTEMPTS):
            port = self._choose_port()
            self.application.turn_log()
            process = self._launch(port)
            problem = await self._problem(process)
            if problem is None:
                return
            await end(process.identity, self._pace.grace)
            tail = self.application.tail()
            taken = not _free(port) or os.strerror(errno.EADDRINUSE).lower() in tail.lower()
            if not taken or attempt == BIND_ATTEMPTS - 1:
                raise StepError(f"{problem}; the end of its log:\n{tail}")
            # Another process took the port between our look and the application's bind: another port, then.

    async def settle(self) -> None:
        """Wait until the running application is healthy. Raises `StepError` when it does not become so."""
        assert self._process is not None
        problem = await self._problem(self._process)
        if problem is not None:
            raise StepError(f"{problem}; the end of its log:\n{self.application.tail()}")

    def watch(self) -> None:
        """Start it again from now on when it dies."""
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._supervise())

    async def release(self) -> None:
        """Watch no longer; the application goes on."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None

    async def stop(self) -> None:
        """Watch no longer and end the application with its group."""
        await self.release()
        if self._process is not None:
            await end(self._process.identity, self._pace.grace)
        await self._end_stray()

    async def _end_stray(self) -> None:
        """End a process that was started for the application by an API that was killed before it could note so."""
        found = stray(self.application.pid_file, self.application.code)
        if found is not None:
            await end(found, self._pace.grace)

    async def _supervise(self) -> None:
        deaths = 0
        while True:
            since = time.monotonic()
            await self._ended()
            deaths = 1 if time.monotonic() - since > self._pace.settled else deaths + 1
            logger.warning("application in %s ended (%d)", self.application.folder.name, deaths)
            if deaths > self._pace.restarts:
                message = f"ended {deaths} times; the end of its log:\n{self.application.tail()}"
                await self._tell("failed", {"error": message})
                return
            await asyncio.sleep(self._pace.pause * 2 ** (deaths - 1))
            try:
                await self.start()
            except (StepError, OSError) as error:
                logger.warning("application in %s: %s", self.application.folder.name, error)
            else:
                await self._tell("running", {**self.reference, "restarts": deaths, "error": None})

    async def _ended(self) -> None:
        while True:
            if not self.running:
                return
            await asyncio.sleep(self._pace.poll)

    async def _tell(self, status: str, details: dict[str, Any]) -> None:
        try:
            await self._report(status, details)
        except Exception:  # a store that can't be written must not end the supervision
            logger.exception("the state %s of %s was not noted", status, self.application.folder.name)

    def _launch(self, port: int) -> Process:
        application = self.application
        command = application.command(port)
        identity = spawn(command, application.code, application.variables(port), application.log, application.pid_file)
        self._process = Process(identity, port)
        application.remember(self._process)
        return self._process

    async def _problem(self, process: Process) -> str | None:
        """Wait for the health check: None when it answers 200, otherwise what went wrong."""
        url = f"http://{LOOPBACK}:{process.port}{self.application.url_path}"
        deadline = time.monotonic() + self._pace.healthy_within
        answer = "it never answered"
        async with httpx.AsyncClient(trust_env=False) as client:
            while (left := deadline - time.monotonic()) > 0:
                if not alive(process.identity):
                    return "the application ended at its start"
                try:
                    status = (await client.get(url, timeout=min(left, ANSWER_SECONDS))).status_code
                except httpx.TransportError as error:
                    answer = "it never answered" if isinstance(error, httpx.ConnectError) else type(error).__name__
                else:
                    if status == 200 and alive(process.identity):
                        return None
                    answer = f"it answered {status}"
                await asyncio.sleep(ASK_AGAIN)
        path, seconds = self.application.url_path, self._pace.healthy_within
        return f"the application did not become healthy in {seconds:g} s ({path}: {answer})"

    def _choose_port(self) -> int:
        if self._process is not None and _free(self._process.port):
            return self._process.port
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            return int(probe.getsockname()[1])


def _free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only fading away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True
