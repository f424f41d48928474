"""The API of one machine: one process per state folder, found through files that only its owner can read.

`<state>/api/` holds `lock` (held while the process lives), `endpoint.json` (where it listens), `key` (the account of
the machine's owner), `log`, the databases, and the folders of executions and deployments. Ended with SIGTERM it stops
accepting, lets go of streams, leaves executions to be resumed and stops what is deployed; the next process resumes
and starts both again. Without requests, executions and running deployments it ends by itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from backend_team.errors import FileError
from backend_team.hosted.keys import new_key, well_formed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from backend_team.hosted.app import Door
    from backend_team.hosted.service import Service

LOCK: Final = "lock"
ENDPOINT: Final = "endpoint.json"
KEY: Final = "key"
LOCKED_BYTE: Final = 1 << 30  # where Windows locks: what is locked can't be read there
LOCK_SECONDS: Final = 1.0  # a client that looks whether the lock is held holds it for a moment itself


class AlreadyRunning(FileError):
    """Another process serves this state folder."""


def hold_lock(folder: Path) -> None:
    """Take the folder's lock and write our pid into it; the end of the process lets it go, however that comes.

    Raises `AlreadyRunning`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)  # never closed here: see above
    deadline = time.monotonic() + LOCK_SECONDS
    while not _take(descriptor):
        if time.monotonic() > deadline:
            os.close(descriptor)
            raise AlreadyRunning(
                f"another process serves {folder}",
                hint="backend-team api status shows it, backend-team api stop ends it",
            )
        time.sleep(0.01)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())


def machine_key(folder: Path) -> str:
    """The key of the machine's owner; made when there is none that can be one."""
    file = folder / KEY
    try:
        key = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        key = ""
    if not well_formed(key):
        key = new_key()
        write_private(file, key + "\n")
    file.chmod(0o600)
    return key


@contextmanager
def announced(folder: Path, url: str, version: str) -> Iterator[None]:
    """Tell clients where the process listens, until the end."""
    file = folder / ENDPOINT
    write_private(file, json.dumps({"url": url, "pid": os.getpid(), "version": version}) + "\n")
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink()


async def end_when_idle(service: Service, door: Door, seconds: float, stop: Callable[[], None]) -> None:
    """Call `stop` once nothing was asked for a while, nothing runs and nothing is deployed."""
    while True:
        await asyncio.sleep(min(max(seconds - door.idle_seconds, seconds / 10), 60))
        if door.idle_seconds >= seconds and not await service.busy() and door.idle_seconds >= seconds:
            stop()  # asked twice: a request may have come while the tables were read
            return


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    part.replace(file)


if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> bool:
        try:
            os.lseek(file, LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _take(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
