"""Scan: many files checked or fixed in worker processes, answers in the order of the files.

What is known from an earlier run is taken from there; the other files are given to the processes in small batches. Each
file is answered when it is done, so a process that dies, or needs longer than `PATIENCE`, is known to have done so over
one file: that becomes a problem, and another process takes over.
"""

from __future__ import annotations

import atexit
import contextlib
import queue
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, Final, cast

from backend_team.settings import DEFAULT, Resolver, Settings
from backend_team.workspace import crew
from backend_team.workspace.crew import Task, Worker
from backend_team.workspace.results import unpacked
from backend_team.workspace.worker import Checked, Order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from backend_team.findings import ModuleReport, Safety
    from backend_team.rules.model import RuleSet
    from backend_team.workspace.results import Results
    from backend_team.workspace.worker import FixedFile

PATIENCE: Final = 60.0  # seconds for one file; Django's slowest takes a tenth of a second
AHEAD: Final = 256  # files that may be known or done before their turn has come: bounds the memory
BATCH: Final = 8  # files
ALONE: Final = 12  # so few files are done sooner here than processes are started
MOST: Final = 8  # processes, unless more are asked for: each takes its memory
_TICK: Final = 0.05  # seconds; the longest a cancellation goes unseen


def scan(
    paths: Iterable[Path],
    rules: RuleSet,
    settings: Settings | Resolver = DEFAULT,
    *,
    jobs: int | None = None,
    cancelled: threading.Event | None = None,
    results: Results | None = None,
) -> Iterator[ModuleReport]:
    """The reports of files, in their order.

    `jobs` is the number of processes, 0 works in this one, None chooses. Setting `cancelled`, or closing the iterator,
    ends the processes. With `results` files that have not changed since an earlier run are not analysed, and those that
    are, are kept there. Raises what `rules` and a resolver raise.
    """
    board = _Board(paths, Order(rules), settings, jobs, cancelled, results)
    return cast("Iterator[ModuleReport]", board.answers())


def fix_files(
    paths: Iterable[Path],
    rules: RuleSet,
    settings: Settings | Resolver = DEFAULT,
    *,
    safety: Safety,
    only: frozenset[str] | None = None,
    write: bool,
    jobs: int | None = None,
    cancelled: threading.Event | None = None,
) -> Iterator[FixedFile]:
    """Fix files and, when `write` is set, write each back; the results in the order of the files."""
    board = _Board(paths, Order(rules, safety, only, write), settings, jobs, cancelled, None)
    return cast("Iterator[FixedFile]", board.answers())


class _Board:
    """What is to be done, who does it, and the answers whose turn has not come."""

    def __init__(
        self,
        paths: Iterable[Path],
        order: Order,
        settings: Settings | Resolver,
        jobs: int | None,
        cancelled: threading.Event | None,
        results: Results | None,
    ) -> None:
        self.paths: Iterator[tuple[int, Path]] | None = enumerate(paths)
        self.order = order
        self.settings = settings
        self.jobs = min(crew.cores(), MOST) if jobs is None else jobs
        self.few = ALONE if jobs is None else 0
        self.cancelled = cancelled or threading.Event()
        self.results = results
        self.turn = 0
        self.taken = 0
        self.done: dict[int, Any] = {}
        self.waiting: deque[Task] = deque()
        self.workers: list[Worker] = []
        self.heard: queue.SimpleQueue[tuple[Worker, Checked | FixedFile | None]] = queue.SimpleQueue()
        self.listeners: list[threading.Thread] = []

    def answers(self) -> Iterator[Any]:
        """The answers in order, as they come; ends early when cancelled."""
        try:
            while not self.cancelled.is_set():
                self._look_ahead()
                if self.workers or (self.jobs > 0 and len(self.waiting) > self.few):
                    self._feed()
                    self._hear()
                elif self.waiting and (self.paths is None or self.taken - self.turn >= self._reach):
                    task = self.waiting.popleft()
                    self._answer(task, self.order.carry_out(task.path, task.settings))
                while self.turn in self.done:
                    yield self.done.pop(self.turn)
                    self.turn += 1
                    if self.cancelled.is_set():
                        return
                if self.paths is None and self.turn == self.taken:
                    return
        finally:
            self._stop()

    @property
    def _reach(self) -> int:
        return AHEAD if self.jobs > 0 else 1

    def _look_ahead(self) -> None:
        """Take the next files: those that are known are done, the others wait."""
        some = BATCH * 4
        while self.paths is not None and some and self.taken - self.turn < self._reach:
            number, path = next(self.paths, (-1, None))
            if path is None:
                self.paths = None
                return
            some -= 1
            self.taken += 1
            name = str(path)
            settings = self.settings if isinstance(self.settings, Settings) else self.settings.of(path)
            known = None
            if self.results is not None:
                known = self.results.find(name, self.order.rules.digest, settings)
            if known is None:
                self.waiting.append(Task(number, name, settings))
            else:
                self.done[number] = known

    def _answer(self, task: Task, answer: Checked | FixedFile) -> None:
        if not isinstance(answer, Checked):
            self.done[task.number] = answer
            return
        if self.results is not None and answer.mark is not None:
            self.results.keep(task.path, self.order.rules.digest, task.settings, answer.mark, answer.row)
        self.done[task.number] = unpacked(task.path, answer.row)

    def _feed(self) -> None:
        """Give every worker enough to go on with."""
        if not self.workers:
            self._start()
        for one in self.workers:
            if self.waiting and len(one.tasks) <= BATCH // 2:
                one.give(self._batch())

    def _batch(self) -> list[Task]:
        tasks = [self.waiting.popleft()]
        # Towards the end they become smaller, so that the workers end together.
        size = min(BATCH, len(self.waiting) // (2 * len(self.workers)) + 1)
        while self.waiting and len(tasks) < size and self.waiting[0].settings is tasks[0].settings:
            tasks.append(self.waiting.popleft())
        return tasks

    def _hear(self) -> None:
        """Take what the workers have answered; wait a moment when there is nothing else to do."""
        busy = self.paths is not None and self.taken - self.turn < self._reach
        begun = time.monotonic()
        with contextlib.suppress(queue.Empty):
            one, answer = self.heard.get(timeout=0 if busy else _TICK)
            self._take(one, answer)
            while True:
                one, answer = self.heard.get_nowait()
                self._take(one, answer)
        waited = time.monotonic() - begun
        for each in self.workers:
            each.waited += waited if each.tasks else 0.0
            if each.waited > PATIENCE and not each.late:
                each.late = True
                each.kill()

    def _take(self, one: Worker, answer: Checked | FixedFile | None) -> None:
        one.waited = 0.0
        if answer is not None:
            self._answer(one.tasks.popleft(), answer)
            return
        code = one.end()
        self.workers.remove(one)
        if one.tasks:
            task = one.tasks.popleft()
            reason = f"the process that worked on it ended with code {code}"
            if one.late:
                reason = f"it took longer than {PATIENCE:.0f} seconds"
            self._answer(task, self.order.failed(task.path, f"could not be worked on: {reason}"))
        self.waiting.extendleft(reversed(one.tasks))
        if self.waiting:
            self._employ(*crew.start(self.order, 1))

    def _start(self) -> None:
        atexit.register(self._stop)  # a program may end without closing us; later our threads would be frozen
        number = min(self.jobs, len(self.waiting)) if self.paths is None else self.jobs
        if crew.can_fork():
            from backend_team.analysis.engine import engine_for

            engine_for(self.order.rules, self.waiting[0].settings)  # loaded once, for all
            if self.order.safety is not None:
                import backend_team.fixes.fix  # noqa: F401
            made: list[Worker] = []
            for _ in range(number):
                made.append(crew.fork(self.order, made))
        else:
            made = crew.start(self.order, number)
        for one in made:
            self._employ(one)

    def _employ(self, one: Worker) -> None:
        def listen() -> None:
            while (answer := one.hear()) is not None:
                self.heard.put((one, answer))
            self.heard.put((one, None))

        self.workers.append(one)
        listener = threading.Thread(target=listen, name=f"scan-{len(self.listeners)}", daemon=True)
        self.listeners.append(listener)
        listener.start()

    def _stop(self) -> None:
        """End the processes, whatever they are doing."""
        atexit.unregister(self._stop)
        for one in self.workers:
            one.kill()
        for listener in self.listeners:
            listener.join()
        for one in self.workers:
            one.end()
        self.workers.clear()
