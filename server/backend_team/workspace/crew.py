"""Worker processes of a scan, seen from the process that starts them: start, feed, hear, end."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, NamedTuple, cast

from backend_team.workspace import worker

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable

    from backend_team.settings import Settings
    from backend_team.workspace.worker import Checked, FixedFile, Order


class Task(NamedTuple):
    """One file of a scan."""

    number: int
    path: str
    settings: Settings


@dataclass(eq=False)
class Worker:
    """A worker process, the pipes to it, and the files it has not answered yet, in their order."""

    process: subprocess.Popen[bytes] | int  # a forked one is its number
    incoming: IO[bytes]
    outgoing: IO[bytes]
    tasks: deque[Task] = field(default_factory=deque)
    waited: float = 0.0  # seconds spent here in waiting for the first of them
    late: bool = False

    def give(self, tasks: list[Task]) -> None:
        """Ask for files that have the same settings."""
        self.tasks.extend(tasks)
        with suppress(OSError):  # it has gone: whoever listens to it will know
            worker.send(self.outgoing, worker.Batch(tasks[0].settings, [task.path for task in tasks]))

    def hear(self) -> Checked | FixedFile | None:
        """The next answer; None when the process has gone."""
        try:
            return cast("Checked | FixedFile", worker.receive(self.incoming))
        except (EOFError, OSError):
            return None

    def kill(self) -> None:
        """End it, whatever it is doing."""
        if isinstance(self.process, int):
            os.kill(self.process, signal.SIGKILL)  # its number is still ours: `end` alone gives it back
        else:
            self.process.kill()

    def end(self) -> int:
        """Let it go, and wait until it is gone: the code it ended with, negative for a signal."""
        for stream in (self.outgoing, self.incoming):
            try:
                stream.close()
            except OSError:
                continue  # what was to be sent can't be any more
        if isinstance(self.process, int):
            return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
        return self.process.wait()


def can_fork() -> bool:
    """Whether a forked process is safe here: another thread could hold a lock that then stays locked in it."""
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    except OSError:
        return False


def start(order: Order, number: int) -> list[Worker]:
    """So many worker processes that begin with nothing."""
    import subprocess

    # -P: the folder the user stands in must not be able to shadow a module of ours.
    command = [sys.executable, "-P", "-m", worker.__name__]
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(number)]
    made = []
    for process in processes:
        one = Worker(process, cast("IO[bytes]", process.stdout), cast("IO[bytes]", process.stdin))
        with suppress(OSError):  # it has gone: whoever listens to it will know
            worker.send(one.outgoing, order)
        made.append(one)
    return made


def fork(order: Order, others: Iterable[Worker]) -> Worker:
    """A worker process that shares all that is loaded here; only where `can_fork` says so."""
    asked, asking = os.pipe()
    answers, answering = os.pipe()
    number = os.fork()
    if number == 0:
        for stream in (asking, answers, *(each.fileno() for one in others for each in (one.incoming, one.outgoing))):
            os.close(stream)
        _work(order, asked, answering)
    os.close(asked)
    os.close(answering)
    return Worker(number, os.fdopen(answers, "rb"), os.fdopen(asking, "wb"))


def _work(order: Order, asked: int, answering: int) -> None:
    """All that a forked process does; it never comes back."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
        gc.freeze()  # what is shared stays shared
        os.dup2(2, 1)  # a stray print must not be taken for a finding
        with os.fdopen(asked, "rb") as incoming, os.fdopen(answering, "wb") as outgoing:
            worker.serve(order, incoming, outgoing)
        code = 0
    finally:
        os._exit(code)


def cores() -> int:
    """How many processes can really run at once."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
