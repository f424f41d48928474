"""The web application: routes, errors as problems, and the door (which hosts are served, when it was last used)."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI

from backend_team.errors import BackendTeamError
from backend_team.hosted.api import auth, deployments, executions, health, problem, templates, usage
from backend_team.hosted.service import open_service
from backend_team.version import VERSION

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from backend_team.hosted.service import Hosting

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})


class Door:
    """Lets requests in: an embedded API serves loopback names only, and notes when it was last used.

    A page in a browser can reach loopback under a name of its own (DNS rebinding); the Host header gives it away. There
    is no CORS either, so no page can read an answer.
    """

    def __init__(self, app: ASGIApp, *, loopback_only: bool) -> None:
        self._app = app
        self._loopback_only = loopback_only
        self._last = time.monotonic()
        self._open = 0

    @property
    def idle_seconds(self) -> float:
        """Seconds since the last request ended; 0 while one is being answered. `/health` does not count."""
        return 0.0 if self._open else time.monotonic() - self._last

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        counted = int(scope["type"] == "http" and scope["path"] != "/health")
        if scope["type"] == "http" and self._loopback_only and not _is_loopback(scope):
            refused = problem.problem(
                421, "host-refused", "the API of this machine is served on loopback only", hint="use http://127.0.0.1"
            )
            await refused(scope, receive, send)
            return
        self._open += counted
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= counted
            if counted:
                self._last = time.monotonic()


def _is_loopback(scope: Scope) -> bool:
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1:
        return False
    name, _, port = hosts[0].rpartition(":")
    return (name if port.isdecimal() and name else hosts[0]) in LOOPBACK


def create_app(hosting: Hosting, stop: Callable[[], None]) -> FastAPI:
    """The application; `stop` asks its process to end."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with open_service(hosting, stop) as service:
                app.state.service = service
                yield
        except BackendTeamError as error:
            app.state.refusal = error
            raise

    app = FastAPI(
        title="AI Backend Team API",
        version=VERSION,
        description="Templates that become running applications: accounts, executions, deployments, usage.",
        lifespan=lifespan,
        docs_url=None,  # the page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    problem.install(app)
    for resource in (auth, templates, executions, deployments, usage, health):
        app.include_router(resource.router)
    return app
