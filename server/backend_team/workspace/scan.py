"""Scan: many files checked or fixed in worker processes, answers in the order of the files.

Each worker is a process of its own with a thread here that feeds it one file at a time, so a worker that dies, or that
needs longer than `PATIENCE`, is known to have died over that file: the file becomes a problem, a new worker takes over.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, Final, cast

from backend_team.settings import DEFAULT, Settings
from backend_team.workspace import worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from backend_team.findings import ModuleReport, Safety
    from backend_team.rules.model import RuleSet

PATIENCE: Final = 60.0  # seconds for one file; Django's slowest takes a tenth of a second
AHEAD: Final = 64  # files for each worker that may be finished before their turn has come: bounds the memory
ALONE: Final = 12  # so few files are done sooner here than a process is started


def scan(
    paths: Iterable[Path],
    rules: RuleSet,
    settings: Settings = DEFAULT,
    *,
    jobs: int | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[ModuleReport]:
    """The reports of files, in their order.

    `jobs` is the number of processes, 0 works in this one, None chooses. Setting `cancelled`, or closing the iterator,
    ends the processes.
    """
    order = worker.Order(rules, settings)
    return cast("Iterator[ModuleReport]", _run(paths, order, jobs, cancelled or threading.Event()))


def fix_files(
    paths: Iterable[Path],
    rules: RuleSet,
    settings: Settings = DEFAULT,
    *,
    safety: Safety,
    only: frozenset[str] | None = None,
    write: bool,
    jobs: int | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[worker.FixedFile]:
    """Fix files and, when `write` is set, write each back; the results in the order of the files."""
    order = worker.Order(rules, settings, safety, only, write)
    return cast("Iterator[worker.FixedFile]", _run(paths, order, jobs, cancelled or threading.Event()))


def _run(paths: Iterable[Path], order: worker.Order, jobs: int | None, cancelled: threading.Event) -> Iterator[Any]:
    names = [str(path) for path in paths]
    if jobs is None:
        jobs = 0 if len(names) <= ALONE else os.cpu_count() or 1
    if jobs <= 0:
        for name in names:
            if cancelled.is_set():
                return
            yield order.carry_out(name)
        return
    board = _Board(names, order, cancelled, threading.Semaphore(AHEAD * jobs))
    threads = [threading.Thread(target=board.work, name=f"scan-{n}", daemon=True) for n in range(min(jobs, len(names)))]
    for thread in threads:
        thread.start()
    try:
        yield from board.answers()
    finally:
        board.stop()
        for thread in threads:
            thread.join()


@dataclass
class _Board:
    """What the threads share: the next file to take, and the answers waiting for their turn."""

    names: list[str]
    order: worker.Order
    cancelled: threading.Event
    ahead: threading.Semaphore
    failure: BaseException | None = None
    taken: int = 0
    stopped: bool = False
    done: dict[int, Any] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)
    running: set[subprocess.Popen[bytes]] = field(default_factory=set)

    def answers(self) -> Iterator[Any]:
        """The answers in order, as they come; ends early when cancelled."""
        for number in range(len(self.names)):
            with self.changed:
                while number not in self.done:
                    if self.failure is not None:
                        raise self.failure
                    if self.cancelled.is_set():
                        return
                    self.changed.wait(0.05)  # also the longest a cancellation goes unseen
                answer = self.done.pop(number)
            self.ahead.release()
            yield answer

    def stop(self) -> None:
        """End the processes, whatever they are doing."""
        with self.changed:
            self.stopped = True
            for process in self.running:
                process.kill()
        for _ in range(len(self.running) + 1):
            self.ahead.release()

    def work(self) -> None:
        """Feed one worker process until no file is left."""
        process: subprocess.Popen[bytes] | None = None
        try:
            while (number := self._next()) is not None:
                process = process or self._start()
                try:
                    answer = self._ask(process, self.names[number])
                except (EOFError, OSError) as error:
                    self._end(process)
                    reason = str(error) or f"the process that worked on it ended with code {process.returncode}"
                    answer = self.order.failed(self.names[number], f"could not be worked on: {reason}")
                    process = None
                with self.changed:
                    self.done[number] = answer
                    self.changed.notify_all()
        except BaseException as error:
            with self.changed:
                self.failure = error
                self.changed.notify_all()
        finally:
            if process is not None:
                self._end(process)

    def _next(self) -> int | None:
        self.ahead.acquire()
        with self.changed:
            if self.stopped or self.taken == len(self.names):
                self.ahead.release()
                return None
            self.taken += 1
            return self.taken - 1

    def _start(self) -> subprocess.Popen[bytes]:
        # -P: the folder the user stands in must not be able to shadow a module of ours.
        command = [sys.executable, "-P", "-m", worker.__name__]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with self.changed:
            self.running.add(process)
            if self.stopped:
                process.kill()
        return process

    def _ask(self, process: subprocess.Popen[bytes], name: str) -> Any:
        incoming, outgoing = cast("IO[bytes]", process.stdout), cast("IO[bytes]", process.stdin)
        late = threading.Event()

        def lose_patience() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(PATIENCE, lose_patience)
        timer.daemon = True
        timer.start()
        try:
            if not getattr(process, "instructed", False):
                worker.send(outgoing, self.order)
                process.instructed = True  # type: ignore[attr-defined]
            worker.send(outgoing, name)
            return worker.receive(incoming)
        except (EOFError, OSError):
            if late.is_set():
                raise EOFError(f"it took longer than {PATIENCE:.0f} seconds") from None
            raise EOFError from None
        finally:
            timer.cancel()

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with self.changed:
            self.running.discard(process)
