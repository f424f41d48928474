"""Commands that are waited for: their lines as they come, their group killed when the wait ends, however it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

LINE_LIMIT = 4_000
CHUNK = 65_536

# Reads a pipe that only we hold open: when it ends we are gone, even by kill -9, and nobody waits for the command.
_GUARD = 'read -r _; kill -9 -"$1"'


async def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], on_line: Callable[[str], None]
) -> int:
    """Run a command to its end and give its exit status; standard error is part of its lines.

    When it is cancelled, or this process is killed, the command is killed with everything it has started. Raises
    `OSError` when it can't be started.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        with _guarded(process.pid):
            assert process.stdout is not None
            await _lines(process.stdout, on_line)
            return await process.wait()
    finally:
        # Also after a normal end: a command must not leave a process of its group behind.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        await asyncio.shield(process.wait())


@contextmanager
def _guarded(group: int) -> Iterator[None]:
    """Have a process group killed when this process is. Not a part of that group: it would hold its output open."""
    with subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, "sh", str(group)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
        start_new_session=True,
    ) as guard:
        try:
            yield
        finally:
            guard.kill()


def clean_environment(**own: str) -> dict[str, str]:
    """The environment of whatever we run for others: nothing of ours is in it, so no key of the user either."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", **own}


async def _lines(stream: asyncio.StreamReader, on_line: Callable[[str], None]) -> None:
    pending = b""
    while chunk := await stream.read(CHUNK):
        *lines, pending = (pending + chunk).split(b"\n")
        for line in lines:
            on_line(_shown(line))
        if len(pending) > LINE_LIMIT:
            on_line(_shown(pending))
            pending = b""
    if pending:
        on_line(_shown(pending))


def _shown(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")[:LINE_LIMIT]
