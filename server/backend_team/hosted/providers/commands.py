"""Commands that are waited for: their lines as they come, their group killed when the wait ends, however it ends."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

LINE_LIMIT = 4_000
CHUNK = 65_536

# A process of the command's group reads a pipe that only we hold open: when it ends we are gone, even by kill -9, and
# nobody waits for the command any more.
_GUARDED = 'exec 3<&0; { read -r _ <&3; kill -9 0; } >/dev/null 2>&1 & exec "$@" 3<&- </dev/null'


async def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], on_line: Callable[[str], None]
) -> int:
    """Run a command to its end and give its exit status; standard error is part of its lines.

    When it is cancelled, or this process is killed, the command is killed with everything it has started.
    """
    guard, held = os.pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *("/bin/sh", "-c", _GUARDED, "sh", *command),
            cwd=folder,
            env=dict(environment),
            stdin=guard,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    except BaseException:
        os.close(held)
        raise
    finally:
        os.close(guard)
    try:
        assert process.stdout is not None
        await _lines(process.stdout, on_line)
        return await process.wait()
    finally:
        # Also after a normal end: a command must not leave a process of its group behind.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        os.close(held)
        await asyncio.shield(process.wait())


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
