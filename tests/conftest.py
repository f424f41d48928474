"""What holds for every test: a state folder of its own, no skipped test in CI, no process left behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_skipped: list[str] = []


@pytest.fixture(autouse=True)
def state_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty state folder, so that no test touches the user's own."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("BACKEND_TEAM_STATE_DIR", str(folder))
    return folder


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if os.environ.get("BACKEND_TEAM_FORBID_SKIPS") and _skipped:
        print(f"\nskipped, but BACKEND_TEAM_FORBID_SKIPS is set: {', '.join(_skipped)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def processes_of(marker: str) -> Iterator[tuple[int, str]]:
    """Other processes with this in their environment, each with its command line (Linux only)."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if marker.encode() in environment and int(folder.name) != os.getpid():
            yield int(folder.name), command


@pytest.fixture(scope="session", autouse=True)
def _no_process_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fails the run when a process that a test started outlives it (seen by its state folder; Linux only)."""
    yield
    marker = f"BACKEND_TEAM_STATE_DIR={tmp_path_factory.getbasetemp()}"
    left = list(processes_of(marker))
    for pid, _ in left:
        os.kill(pid, signal.SIGKILL)
    assert not left, f"processes left behind: {left}"
