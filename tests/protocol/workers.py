"""The worker processes of a server, found by the system's own account of them, and what a test does to them."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterable, Iterator

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PARENT, _OWN_TIME, _SYSTEM_TIME, _NICE = 0, 10, 11, 15


def workers_of(server: subprocess.Popen[bytes]) -> Iterator[tuple[int, bool]]:
    """The worker processes, each with whether it is of those at low priority."""
    niceness = _fields(server.pid)[_NICE]
    for place in Path("/proc").iterdir():
        try:
            if not place.name.isdigit() or b"spawn_main" not in (place / "cmdline").read_bytes():
                continue
            fields = _fields(int(place.name))
        except OSError:  # it has ended
            continue
        if fields[_PARENT] == server.pid:
            yield int(place.name), fields[_NICE] > niceness


def busy_for(process: int) -> float:
    """Seconds of processor time a process has used."""
    try:
        fields = _fields(process)
    except OSError:
        return 0.0
    return (fields[_OWN_TIME] + fields[_SYSTEM_TIME]) / _TICKS


def _fields(process: int) -> list[int]:
    """What the system says of a process, after its name and state."""
    return [int(field) for field in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1:]]


@contextmanager
def stopped(process: int) -> Iterator[None]:
    """Stop a process, and let it go on at the end, unless it was ended meanwhile."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        resume({process})


def resume(processes: Iterable[int]) -> None:
    """Let processes go on that were stopped; some may have been ended."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)


class Sabotage:
    """Sends a signal to every idle worker as soon as it is one, for as long as the block runs."""

    def __init__(self, server: subprocess.Popen[bytes], number: signal.Signals, *, idle: bool = True) -> None:
        self.hit: set[int] = set()
        self._server = server
        self._number = number
        self._idle = idle
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(0.005):
            for process, idle in workers_of(self._server):
                if idle is self._idle and process not in self.hit:
                    self.hit.add(process)
                    with suppress(ProcessLookupError):
                        os.kill(process, self._number)


def until(true: Callable[[], object], patience: float = 20.0) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.01)
