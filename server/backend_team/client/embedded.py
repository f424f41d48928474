"""The embedded API: attach to the one that runs on a state folder, or start it; stop it; tell how it stands."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Final

import httpx

from backend_team.client.api import ApiClient, Endpoint
from backend_team.errors import ApiError
from backend_team.settings import state_folder
from backend_team.version import VERSION

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

START_SECONDS: Final = 30.0
STOP_SECONDS: Final = 30.0
POLL: Final = 0.05
LOCKED_BYTE: Final = 1 << 30  # as the process that takes the lock has it
LOG_LIMIT: Final = 1_000_000  # bytes; a longer log is put aside when the API starts
LOG_TAIL: Final = 15  # lines shown when it does not start
ERROR: Final = "error: "  # how its process says, at its end, what a person can do something about
COMMAND: Final = (sys.executable, "-P", "-m", "backend_team.hosted", "--embedded")

_started: list[subprocess.Popen[bytes]] = []  # so that those that ended are taken from the system's table of processes


@dataclass(frozen=True, slots=True)
class Running:
    """An embedded API that answers."""

    endpoint: Endpoint
    pid: int
    version: str


async def connect(state: Path | None = None, *, command: Sequence[str] = COMMAND) -> ApiClient:
    """A client of the embedded API of a state folder; starts its process when none answers, one for all clients.

    The process goes on without the client. One of an older version is ended and started anew. Raises `ApiError` with
    the end of its log when it does not answer within 30 s, and when the folder can't be used.
    """
    folder = _folder(state)
    endpoint = await _attach(folder, command)
    return ApiClient(endpoint.url, endpoint.key, partial(_attach, folder, command))


async def status(state: Path | None = None) -> Running | None:
    """The embedded API of a state folder, or None when none answers."""
    return await _running(_folder(state))


async def stop(state: Path | None = None) -> bool:
    """End the embedded API and wait for it; whether there was one. What runs resumes with the next start."""
    folder = _folder(state)
    running = await _running(folder)
    if running is None:
        return False
    await _end(folder, running)
    return True


async def _attach(folder: Path, command: Sequence[str]) -> Endpoint:
    running = await _running(folder)
    if running is not None and not _older(running.version, VERSION):
        return running.endpoint
    try:
        await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        async with _starting(folder):
            running = await _running(folder)
            if running is not None and _older(running.version, VERSION):
                await _end(folder, running)
                running = None
            return running.endpoint if running is not None else await _start(folder, command)
    except OSError as error:
        raise ApiError(
            f"the folder of the hosted API, {folder}, can't be used: {error.strerror or error}",
            hint="make it writable, or name another state folder in BACKEND_TEAM_STATE_DIR",
        ) from error


async def _start(folder: Path, command: Sequence[str]) -> Endpoint:
    """Start the process, detached, and wait until it answers."""
    log = folder / "log"
    with suppress(OSError):
        if log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_name("log.old"))
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
        start = output.tell()
        process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
            [*command, "--state", str(folder.parent)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            close_fds=True,
            **_detached(),
        )
    _started[:] = [one for one in _started if one.poll() is None] + [process]
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        running = await _running(folder)
        if running is not None:
            return running.endpoint
        # Ended at once: it failed, or another process holds the lock and answers soon.
        if process.poll() is not None and _holder(folder) is None:
            raise _not_started(f"ended with code {process.returncode}", log, start)
        await asyncio.sleep(POLL)
    with suppress(OSError):
        process.kill()
    raise _not_started(f"did not answer within {START_SECONDS:.0f} s", log, start)


async def _end(folder: Path, running: Running) -> None:
    with suppress(ProcessLookupError):
        os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _holder(folder) == running.pid:
        if time.monotonic() > deadline:
            raise ApiError(
                f"the hosted API (process {running.pid}) did not end within {STOP_SECONDS:.0f} s",
                hint=f"its log: {folder / 'log'}",
            )
        await asyncio.sleep(POLL)


async def _running(folder: Path) -> Running | None:
    """The API that the folder announces, when the process that answers is that one; files of a dead one don't count."""
    try:
        announced = json.loads((folder / "endpoint.json").read_text("utf-8"))
        url, pid, its_version = str(announced["url"]), int(announced["pid"]), str(announced["version"])
        key = (folder / "key").read_text("ascii").strip()
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if not url.startswith("http://127.0.0.1:") or _holder(folder) != pid:
        return None
    try:
        # backend-team: ignore[unverified-certificate] plain HTTP to this machine
        async with httpx.AsyncClient(timeout=5.0, trust_env=False, verify=False) as client:
            answer: Any = (await client.get(f"{url}/health")).json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    same = isinstance(answer, dict) and answer.get("service") == "backend-team" and answer.get("pid") == pid
    return Running(Endpoint(url, key), pid, its_version) if same else None


@asynccontextmanager
async def _starting(folder: Path) -> AsyncIterator[None]:
    """Held by the one client, of all processes, that starts the API."""
    with (folder / "starting.lock").open("a+b") as file:
        deadline = time.monotonic() + START_SECONDS + STOP_SECONDS
        while not _take(file):
            if time.monotonic() > deadline:
                raise ApiError("another process is starting the hosted API and does not come to an end")
            await asyncio.sleep(POLL)
        yield


def _folder(state: Path | None) -> Path:
    return (state or state_folder()).absolute() / "api"


def _older(one: str, other: str) -> bool:
    try:
        return [int(part) for part in one.split(".")] < [int(part) for part in other.split(".")]
    except ValueError:
        return False


def _not_started(what: str, log: Path, start: int) -> ApiError:
    with log.open("rb") as file:
        file.seek(start)
        lines = file.read().decode("utf-8", "replace").splitlines()
    said = next((number for number, line in enumerate(lines) if line.startswith(ERROR)), None)
    tail = "\n".join(f"   {line}" for line in (lines[-LOG_TAIL:] if said is None else lines[said:]))
    return ApiError(f"the hosted API {what}", hint=f"its log, {log}, says:\n{tail or '   (nothing)'}")


def _holder(folder: Path) -> int | None:
    """The process that serves the folder: it holds the lock for as long as it lives, however it ends."""
    try:
        with (folder / "lock").open("r+b") as file:
            if _take(file):
                return None
            file.seek(0)
            return int(file.read(20) or 0)
    except (OSError, ValueError):
        return None


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> bool:
        try:
            file.seek(LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _detached() -> dict[str, Any]:
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
else:
    import fcntl

    def _take(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _detached() -> dict[str, Any]:
        return {"start_new_session": True}
