"""Processes that outlive this one: started in a group of their own, known by pid and start time, ended as a group.

A bare pid is never trusted: once its process has ended, the system may give the number to any other. Not
`subprocess`: its objects (and asyncio's) kill or complain about a child that is still running when they go.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

POLL_SECONDS = 0.05
KILL_SECONDS = 5.0

_LINUX: bool = sys.platform == "linux"
_PROC = Path("/proc")
# The pid is written by the process itself before it becomes the command: it is on disk even if we are killed here.
_LAUNCH = 'echo $$ > "$1" && cd "$2" && shift 2 && exec "$@"'


@dataclass(frozen=True, slots=True)
class Identity:
    """One process for ever: its pid and when it started, in words of the system."""

    pid: int
    started: str


def spawn(command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path, pid_file: Path) -> Identity:
    """Start a command in a session of its own; what it prints goes to the end of the log.

    Raises `OSError` when it can't be started.
    """
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    pid = os.posix_spawn(
        "/bin/sh",
        ["/bin/sh", "-c", _LAUNCH, "sh", str(pid_file), str(folder), *command],
        dict(environment),
        file_actions=actions,
        setsid=True,
        setsigmask=[],
        # Python ignores these for itself; the application must not inherit that.
        setsigdef=[signal.SIGPIPE, signal.SIGINT, signal.SIGTERM, signal.SIGHUP],
    )
    return Identity(pid, started(pid) or "")


def started(pid: int) -> str | None:
    """When the process of a pid started; None when there is none, or only a dead one nobody has collected."""
    if _LINUX:
        with suppress(OSError, IndexError):
            # The name in parentheses may itself hold blanks and parentheses.
            fields = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
            if fields[0] not in "ZX":
                return f"{_boot()}:{fields[19]}"
        return None
    shown = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, since = shown.stdout.strip().partition(" ")
    return since.strip() if since and not state.startswith("Z") else None


def alive(identity: Identity) -> bool:
    """Whether this very process runs. A child of ours that has ended is collected, with what it left in its group."""
    if started(identity.pid) == identity.started:
        return True
    _collect(identity.pid)
    return False


def stray(pid_file: Path, folder: Path) -> Identity | None:
    """The process that wrote the file and works in the folder, when we were killed before noting who it was."""
    with suppress(OSError, ValueError):
        pid = int(pid_file.read_text("ascii"))
        since = started(pid)
        if since and _LINUX and (_PROC / str(pid) / "cwd").resolve() == folder.resolve():
            return Identity(pid, since)
    return None


async def end(identity: Identity, grace: float = KILL_SECONDS) -> None:
    """End a process and its group: asked first, killed after the grace (seconds). Nothing when it has ended already.

    Returns when all of the group are gone, its last ones within `KILL_SECONDS` of being killed.
    """
    if not alive(identity):
        return
    _signal(identity.pid, signal.SIGTERM)
    ended = await _comes(lambda: not alive(identity), grace)
    _signal(identity.pid, signal.SIGKILL)  # also what the group's first process left behind
    if not ended:
        await _comes(lambda: not alive(identity), KILL_SECONDS)
    await _comes(lambda: not _has_members(identity.pid), KILL_SECONDS)


async def _comes(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether a condition comes to hold in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(POLL_SECONDS)
    return True


def _signal(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _has_members(group: int) -> bool:
    """Whether a process of the group is left; its number is nobody else's as long as one is."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _collect(pid: int) -> None:
    """Collect a dead child. Its group is killed first: as long as the child is not collected, its number is its own."""
    with suppress(ChildProcessError):
        if _LINUX and os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            _signal(pid, signal.SIGKILL)
        os.waitpid(pid, os.WNOHANG)


def _boot() -> str:
    """The machine's start: pids and start times begin anew with each."""
    with suppress(OSError):
        return (_PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()[:8]
    return ""
