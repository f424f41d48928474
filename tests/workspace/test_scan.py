"""Many files in worker processes: in order, cancellable, and a worker that dies costs one file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backend_team.findings import Safety
from backend_team.rules.load import load_rules
from backend_team.workspace.disk_cache import DiskCache
from backend_team.workspace.results import Results
from backend_team.workspace.scan import fix_files, scan

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def folder(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"m{number:03}.py" for number in range(30)]
    for path in paths:
        path.write_text("import os\n\nx = 1\n")
    paths[7].write_bytes(b"# \xff\n")
    paths[9].write_text("def f(:\n")
    return paths


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("jobs", [0, 2])
def test_reports_come_in_order(folder: list[Path], jobs: int) -> None:
    reports = list(scan(folder, load_rules(), jobs=jobs))
    assert [report.path for report in reports] == [str(path) for path in folder]
    kinds = {index: [problem.kind for problem in report.problems] for index, report in enumerate(reports)}
    assert kinds.pop(7) == ["file"]
    assert kinds.pop(9) == ["syntax"]
    assert not any(kinds.values())
    assert [finding.rule for finding in reports[0].findings] == ["unused-import"]


@pytest.mark.usefixtures("way")
def test_fixes_are_written_only_when_told(folder: list[Path]) -> None:
    for write in (False, True):
        done = list(fix_files(folder, load_rules(), safety=Safety.SAFE, write=write, jobs=2))
        assert done[0].applied[0][0] == "unused-import"
        assert folder[0].read_text() == ("x = 1\n" if write else "import os\n\nx = 1\n")


def children() -> set[int]:
    """The processes that this one has started and that still run."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except OSError:
            continue
        if int(lines["PPid"]) == os.getpid() and "Z" not in lines["State"]:
            found.add(int(status.parent.name))
    return found


@pytest.fixture(params=["forked", "started"])
def way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Workers are forked from a process with one thread, and started anew from one with several."""
    if request.param == "forked":
        yield  # unless other tests have left threads: tests/cli/test_cache.py forks from a process of its own
        return
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
@pytest.mark.usefixtures("way")
def test_worker_that_dies_costs_one_file(folder: list[Path]) -> None:
    others = children()
    pipe = folder[3].with_name("pipe.py")
    os.mkfifo(pipe)  # reading it waits for ever: the worker stays over this file
    folder[3] = pipe
    scanned = scan(folder, load_rules(), jobs=1)
    reports = [next(scanned) for _ in range(3)]
    (worker,) = children() - others
    os.kill(worker, signal.SIGKILL)
    reports += scanned
    assert [report.path for report in reports] == [str(path) for path in folder]
    assert reports[3].problems[0].kind == "fault"
    assert "ended with code -9" in reports[3].problems[0].message
    assert sum(problem.kind == "fault" for report in reports for problem in report.problems) == 1
    assert children() <= others


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
@pytest.mark.usefixtures("way")
def test_cancelling_ends_the_workers(folder: list[Path]) -> None:
    others = children()
    pipe = folder[3].with_name("pipe.py")
    os.mkfifo(pipe)
    folder[3] = pipe
    cancelled = threading.Event()
    reports = scan(folder, load_rules(), jobs=1, cancelled=cancelled)
    assert [next(reports).path for _ in range(3)] == [str(path) for path in folder[:3]]
    cancelled.set()
    assert list(reports) == []
    assert children() <= others


def test_a_consumer_that_takes_its_time_makes_nobody_late(folder: list[Path]) -> None:
    scanned = scan(folder, load_rules(), jobs=1)
    next(scanned)
    time.sleep(0.3)  # what is waited for here is nobody's fault
    assert len(list(scanned)) == len(folder) - 1


def test_a_fault_of_ours_is_a_problem_of_one_file(folder: list[Path]) -> None:
    folder[5] = Path("a\0b.py")
    reports = list(scan(folder, load_rules(), jobs=1))
    assert [problem.kind for problem in reports[5].problems] == ["fault"]
    assert len(reports) == len(folder)


def test_a_program_may_end_in_the_middle(folder: list[Path]) -> None:
    program = (
        "import sys; from backend_team import check_paths; r = check_paths(sys.argv[1:], jobs=2); print(next(r).path)"
    )
    command = [sys.executable, "-c", program, str(folder[0].parent)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{folder[0]}\n", "")


def test_closing_early_ends_the_workers(folder: list[Path]) -> None:
    others = children()
    scanned = scan(folder, load_rules(), jobs=2)
    next(scanned)
    scanned.close()
    assert children() <= others


@pytest.mark.parametrize("known", [0, 10, 28])
def test_known_files_and_others_keep_their_order(folder: list[Path], tmp_path: Path, known: int) -> None:
    rules = load_rules()
    with Results(DiskCache(tmp_path / "results", 2**24)) as results:
        list(scan(folder[:known], rules, jobs=0, results=results))
    for jobs in (None, 2):
        with Results(DiskCache(tmp_path / "results", 2**24)) as results:
            reports = list(scan(folder, rules, jobs=jobs, results=results))
        assert [report.path for report in reports] == [str(path) for path in folder]
        assert results.hits >= known - 2  # the two that can't be parsed or read among them
