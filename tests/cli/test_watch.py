"""`check --watch`: looks again when files, settings or rules change, and ends with Ctrl-C."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import COMMAND, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 30.0


class Watching:
    """A process that watches, and what it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def until(self, text: str) -> str:
        """All it says up to a line with the text."""
        said = ""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                line = self.lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"{text!r} was not said, but: {said}")
            assert line is not None, f"it ended with {self.process.wait()}: {said}"
            said += line
            if text in line:
                return said

    def interrupted(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def watching(folder: Path, *arguments: str) -> Iterator[Watching]:
    """Watch a folder; the first look is over."""
    command = [*COMMAND, "check", "--watch", *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        try:
            yield Watching(process)
        finally:
            process.kill()


WAITS = "watching; Ctrl-C ends"


def test_it_looks_again_when_files_change(project: Path) -> None:
    with watching(project) as it:
        assert "untidy.py:1:8: warning unused-import" in it.until(WAITS)
        (project / "untidy.py").write_text("print(1)\n")
        said = it.until(WAITS)
        assert "1 file, nothing found." in said
        assert "\x1b" not in said, "the screen is a pipe"
        (project / "shop").mkdir()
        (project / "shop" / "new.py").write_text("import sys\n")
        assert "shop/new.py:1:8: warning unused-import" in it.until(WAITS)
        (project / "shop" / "new.py").unlink()
        assert "1 file, nothing found." in it.until(WAITS)
        assert it.interrupted() == 0


def test_wrong_settings_are_said_and_survived(project: Path) -> None:
    with watching(project) as it:
        it.until(WAITS)
        (project / "backend-team.toml").write_text('selec = ["unused-import"]\n')
        assert 'did you mean "select"?' in it.until(WAITS)
        (project / "untidy.py").write_text("import sys\n")
        assert 'unknown setting "selec"' in it.until(WAITS)
        (project / "backend-team.toml").write_text('ignore = ["unused-import"]\n')
        assert "1 file, nothing found." in it.until(WAITS)
        assert it.interrupted() == 0


def test_rules_of_the_project_are_read_again(project: Path) -> None:
    with watching(project) as it:
        assert "no-print" not in it.until(WAITS)
        assert run(project, "rules", "new", "no-print", "--pattern", "last($X)").code == 0
        it.until(WAITS)
        (project / "untidy.py").write_text("last(1)\n")
        assert "warning no-print" in it.until(WAITS)


def test_settings_and_rules_above_what_is_watched(project: Path) -> None:
    (project / "backend-team.toml").write_text("")
    assert run(project, "rules", "new", "no-last", "--pattern", "last($X)").code == 0
    (project / "shop").mkdir()
    (project / "shop" / "cart.py").write_text("import sys\nlast(1)\n")
    with watching(project, "shop") as it:
        assert "warning no-last" in it.until(WAITS)
        (project / "backend-team.toml").write_text('ignore = ["unused-import"]\n')
        said = it.until(WAITS)
        assert "unused-import" not in said
        assert "warning no-last" in said
        (project / "backend-team.toml").write_text('ignor = ["unused-import"]\n')
        assert 'did you mean "ignore"?' in it.until(WAITS)
        (project / ".backend-team" / "rules" / "own" / "no-last.yaml").unlink()
        (project / "backend-team.toml").write_text("")
        while "no-last" in (said := it.until(WAITS)) or "error" in said:
            pass
        assert "unused-import" in said


def test_a_burst_is_one_look(project: Path) -> None:
    with watching(project) as it:
        it.until(WAITS)
        for number in range(200):
            (project / f"file{number}.py").write_text("import sys\n")
        looks = 1
        while "in 201 files of 201" not in it.until(WAITS) and looks < 20:
            looks += 1
        assert looks < 10


def test_it_fixes_what_is_saved(project: Path) -> None:
    with watching(project, "--fix", "--select", "unused-import") as it:
        it.until(WAITS)
        assert (project / "untidy.py").read_text().startswith("def last")
        (project / "untidy.py").write_text("import os\nprint(2)\n")
        it.until("1 fix applied in 1 file")
        assert (project / "untidy.py").read_text() == "print(2)\n"
        it.until(WAITS)


def test_a_missing_watchdog_is_named(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("hidden")
    (folder / "watchdog").mkdir()
    (folder / "watchdog" / "__init__.py").write_text("raise ModuleNotFoundError('none', name='watchdog')\n")
    done = run(project, "check", "--watch", PYTHONPATH=str(folder))
    assert done.code == 2
    assert "--watch needs the package watchdog" in done.err
    assert "pip install" in done.err
