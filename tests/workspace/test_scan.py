"""Many files in worker processes: in order, cancellable, and a worker that dies costs one file."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from backend_team.findings import Safety
from backend_team.rules.load import load_rules
from backend_team.workspace.scan import fix_files, scan


@pytest.fixture
def folder(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"m{number:03}.py" for number in range(30)]
    for path in paths:
        path.write_text("import os\n\nx = 1\n")
    paths[7].write_bytes(b"# \xff\n")
    paths[9].write_text("def f(:\n")
    return paths


@pytest.mark.parametrize("jobs", [0, 2])
def test_reports_come_in_order(folder: list[Path], jobs: int) -> None:
    reports = list(scan(folder, load_rules(), jobs=jobs))
    assert [report.path for report in reports] == [str(path) for path in folder]
    kinds = {index: [problem.kind for problem in report.problems] for index, report in enumerate(reports)}
    assert kinds.pop(7) == ["file"]
    assert kinds.pop(9) == ["syntax"]
    assert not any(kinds.values())
    assert [finding.rule for finding in reports[0].findings] == ["unused-import"]


def test_fixes_are_written_only_when_told(folder: list[Path]) -> None:
    for write in (False, True):
        done = list(fix_files(folder, load_rules(), safety=Safety.SAFE, write=write, jobs=2))
        assert done[0].applied[0][0] == "unused-import"
        assert folder[0].read_text() == ("x = 1\n" if write else "import os\n\nx = 1\n")


def workers() -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            parent = next(line for line in status.read_text().splitlines() if line.startswith("PPid:"))
        except (OSError, StopIteration):
            continue
        if int(parent.split()[1]) == os.getpid():
            found.append(int(status.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_worker_that_dies_costs_one_file(folder: list[Path]) -> None:
    pipe = folder[3].with_name("pipe.py")
    os.mkfifo(pipe)  # reading it waits for ever: the worker stays over this file
    folder[3] = pipe
    scanned = scan(folder, load_rules(), jobs=1)
    reports = [next(scanned) for _ in range(3)]
    os.kill(workers()[0], signal.SIGKILL)
    reports += scanned
    assert [report.path for report in reports] == [str(path) for path in folder]
    assert reports[3].problems[0].kind == "fault"
    assert "ended with code -9" in reports[3].problems[0].message
    assert sum(problem.kind == "fault" for report in reports for problem in report.problems) == 1
    assert not workers()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_cancelling_ends_the_workers(folder: list[Path]) -> None:
    pipe = folder[3].with_name("pipe.py")
    os.mkfifo(pipe)
    folder[3] = pipe
    cancelled = threading.Event()
    reports = scan(folder, load_rules(), jobs=1, cancelled=cancelled)
    assert [next(reports).path for _ in range(3)] == [str(path) for path in folder[:3]]
    cancelled.set()
    assert list(reports) == []
    assert not workers()
