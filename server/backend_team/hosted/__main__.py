"""The process of the hosted API: `python -m backend_team.hosted`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import uvicorn

from backend_team.errors import BackendTeamError
from backend_team.hosted.app import Door, create_app
from backend_team.hosted.embedded import announced, end_when_idle, hold_lock, machine_key
from backend_team.hosted.keys import key_hash
from backend_team.hosted.plans import DEFAULT_PLAN, plan_named
from backend_team.hosted.service import Hosting
from backend_team.hosted.steps import COMMANDS
from backend_team.settings import state_folder
from backend_team.templates.manifest import load_templates
from backend_team.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backend_team.hosted.steps import StepFunction
    from backend_team.templates.model import Template

FAILED: Final = 1
REFUSED: Final = 2
IDLE_MINUTES: Final = 30.0
LEASE_SECONDS: Final = 30.0
GRACE_SECONDS: Final = 5  # requests in flight at the end may take this long


def main(
    arguments: Sequence[str] | None = None,
    commands: Mapping[str, StepFunction] | None = None,
    templates: Mapping[str, Template] | None = None,
) -> int:
    """Serve until a signal, or until idle when embedded; `commands` and `templates` replace the shipped ones."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr, force=True
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        plan_named(options.plan)
        with ExitStack() as stack:
            _serve(options, COMMANDS if commands is None else commands, templates or load_templates(), stack)
    except BackendTeamError as error:
        print(f"error: {error.render()}", file=sys.stderr)
        return REFUSED
    return 0


def _serve(
    options: argparse.Namespace,
    commands: Mapping[str, StepFunction],
    templates: Mapping[str, Template],
    stack: ExitStack,
) -> None:
    folder = (options.state or state_folder()) / "api"
    hashed = None
    if options.embedded:
        hold_lock(folder)
        hashed = key_hash(machine_key(folder))
    listener = stack.enter_context(_listener(options.port))
    hosting = Hosting(
        folder=folder,
        commands=commands,
        templates=templates,
        embedded=options.embedded,
        key_hash=hashed,
        plan=options.plan,
        database_url=os.environ.get("BACKEND_TEAM_DATABASE_URL") if not options.embedded else None,
        lease_seconds=options.lease_seconds,
        engine_url=os.environ.get("BACKEND_TEAM_ENGINE_DATABASE_URL") if not options.embedded else None,
    )
    server = _Server(hosting, f"http://127.0.0.1:{listener.getsockname()[1]}", options.idle_minutes * 60)
    try:
        server.run(sockets=[listener])
    except SystemExit:  # uvicorn's, when the service could not be opened
        if server.refusal is None:
            raise
    if server.refusal is not None:
        raise server.refusal


class _Server(uvicorn.Server):
    """uvicorn on loopback, ended by a signal or by itself; streams are let go before it waits for requests."""

    def __init__(self, hosting: Hosting, url: str, idle_seconds: float) -> None:
        self._app = create_app(hosting, self.stop)
        self._door = Door(self._app, loopback_only=hosting.embedded)
        self._hosting = hosting
        self._url = url
        self._idle_seconds = idle_seconds
        super().__init__(
            uvicorn.Config(
                self._door,
                loop="auto",  # uvloop where it is installed: plain asyncio delays kept-alive requests
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )

    @property
    def refusal(self) -> BackendTeamError | None:
        """Why the service could not be opened, when a person can do something about it."""
        found: BackendTeamError | None = getattr(self._app.state, "refusal", None)
        return found

    def stop(self) -> None:
        """End soon."""
        self.should_exit = True
        if service := getattr(self._app.state, "service", None):
            service.events.release()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End gracefully on a signal; unlike uvicorn's own, don't raise it again when all is closed."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            if sys.platform == "win32":
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(self.stop))
            else:
                loop.add_signal_handler(number, self.stop)
        yield

    async def main_loop(self) -> None:
        """Announce where the process listens and serve until it is to end."""
        with ExitStack() as stack:
            watch: asyncio.Task[Any] | None = None
            if self._hosting.embedded:
                stack.enter_context(announced(self._hosting.folder, self._url, VERSION))
                service = self._app.state.service
                watch = asyncio.create_task(end_when_idle(service, self._door, self._idle_seconds, self.stop))
                stack.callback(watch.cancel)
            print(f"listening on {self._url}", flush=True)
            await super().main_loop()


@contextmanager
def _listener(port: int) -> Iterator[socket.socket]:
    """A socket on loopback; port 0 takes a free one."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            raise BackendTeamError(
                f"port {port} of 127.0.0.1 can't be used: {error.strerror}", hint="--port 0 takes a free one"
            ) from error
        listener.listen(128)
        listener.set_inheritable(False)
        yield listener


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backend_team.hosted", description="Serve the hosted API.")
    parser.add_argument("--state", type=Path, help="folder for its files (default: the platform's)")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--embedded", action="store_true", help="serve the owner of this machine, found through files")
    parser.add_argument("--idle-minutes", type=float, default=IDLE_MINUTES, help="end after so long without use")
    parser.add_argument(
        "--lease-seconds",
        type=float,
        default=LEASE_SECONDS,
        help="not embedded: the others take over the work of a process that is silent for so long",
    )
    parser.add_argument(
        "--plan",
        default=os.environ.get("BACKEND_TEAM_PLAN", DEFAULT_PLAN),
        help="plan of the machine's account (default: BACKEND_TEAM_PLAN or free)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
