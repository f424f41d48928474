"""`backend-team cache`, and what `check` makes of results that are gone, damaged, locked or on a full disk."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from backend_team.cli.main import CLEAN, FOUND, main

if TYPE_CHECKING:
    from collections.abc import Callable

CHECK = [sys.executable, "-P", "-m", "backend_team.cli.main", "check"]


@pytest.fixture
def results(project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the results of a project of several files are kept."""
    for number in range(30):
        (project / f"m{number:02}.py").write_text(f"import os\n\nx{number} = {number}\n")
    state = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("BACKEND_TEAM_STATE_DIR", str(state))
    return state / "results"


def check(*arguments: str, **options: object) -> str:
    """What a run prints, in a process of its own."""
    ran = subprocess.run([*CHECK, *arguments], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert (ran.returncode, ran.stderr) == (FOUND, "")
    return str(ran.stdout)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command that goes well prints."""
    assert main(arguments) == CLEAN
    return capsys.readouterr().out


def test_info_tells_how_the_last_run_was_served(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "none that is known" in said(capsys, "cache")
    first = check()
    assert "0 of 31 files known, 0%" in said(capsys, "cache", "info")
    assert check() == first
    told = said(capsys, "cache")
    assert str(results) in told
    assert "31 of 31 files known, 100%" in told
    assert "MB of at most" in told


def test_clear_forgets_without_asking(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = check()
    assert "2 entries forgotten" in said(capsys, "cache", "clear")
    assert check() == first
    assert "0 of 31 files known" in said(capsys, "cache")


def test_no_cache_neither_reads_nor_writes(results: Path) -> None:
    first = check("--no-cache")
    assert not results.exists()
    assert check() == first
    shutil.rmtree(results)
    assert check("--no-cache") == first
    assert not results.exists()


def test_what_is_printed_is_the_same_in_every_format(results: Path) -> None:
    for format_ in ("text", "json", "github", "sarif"):
        fresh = check("--no-cache", "--format", format_)
        assert check("--format", format_) == fresh
        assert check("--format", format_) == fresh


def _random(results: Path) -> None:
    (results / "cache.db").write_bytes(os.urandom(20_000))


def _cut(results: Path) -> None:
    file = results / "cache.db"
    file.write_bytes(file.read_bytes()[:9_000])


def _folder(results: Path) -> None:
    (results / "cache.db").unlink()
    (results / "cache.db").mkdir()


def _file(results: Path) -> None:
    shutil.rmtree(results)
    results.write_text("")


def _other_version(results: Path) -> None:
    with sqlite3.connect(results / "cache.db") as database:
        database.executescript("ALTER TABLE Cache RENAME COLUMN value TO content")
    database.close()


@pytest.mark.parametrize("damage", [_random, _cut, _folder, _file, _other_version])
def test_damage_is_a_miss(results: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[Path], None]) -> None:
    first = check()
    damage(results)
    assert check() == first
    assert check() == first
    known = "none that is known" if damage is _file else "31 of 31"
    assert known in said(capsys, "cache")


def test_a_full_disk_is_a_miss(results: Path) -> None:
    limit = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192)); "
    command = f"{limit}from backend_team.cli.main import main; sys.exit(main(['check']))"
    fresh = check("--no-cache")
    for _ in range(2):
        ran = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr, ran.stdout) == (FOUND, "", fresh)
    assert check() == fresh


LOCKED_OUT = """
import contextlib, io, logging, os, pathlib, sys
from backend_team.cli.main import main
with contextlib.redirect_stdout(io.StringIO()):
    main(["check", "--no-cache"])  # loads what nobody may not even read
    main(["check"])
pathlib.Path(os.environ["BACKEND_TEAM_STATE_DIR"]).chmod(0)
if os.geteuid() == 0:
    os.setuid(65534)  # root may do all things
sys.exit(main(["check"]))
"""


def test_a_folder_that_may_not_be_entered_is_a_miss(results: Path) -> None:
    fresh = check("--no-cache")
    for folder in Path.cwd().parents:  # or nobody would not come this far
        if folder.name.startswith("pytest-"):
            folder.chmod(0o755)
    Path.cwd().chmod(0o755)
    ran = subprocess.run([sys.executable, "-c", LOCKED_OUT], capture_output=True, text=True, check=False)
    results.parent.chmod(0o700)
    assert (ran.returncode, ran.stderr, ran.stdout) == (FOUND, "", fresh)


def test_two_runs_at_once(results: Path) -> None:
    fresh = check("--no-cache")
    for _ in range(3):
        runs = [subprocess.Popen(CHECK, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        for run in runs:
            assert run.communicate(timeout=60) == (fresh, "")
        shutil.rmtree(results)


def test_a_run_that_is_killed_leaves_no_trace(results: Path) -> None:
    fresh = check("--no-cache")
    for _ in range(3):
        with subprocess.Popen(CHECK, stdout=subprocess.DEVNULL) as run:
            while not (results / "cache.db").exists() and run.poll() is None:
                os.sched_yield()
            run.send_signal(signal.SIGKILL)
        assert check() == fresh
        shutil.rmtree(results)


def test_a_database_that_is_held_costs_a_moment(results: Path) -> None:
    first = check()
    holder = sqlite3.connect(results / "cache.db", isolation_level=None)
    holder.executescript("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
    try:
        assert check(timeout=30) == first
    finally:
        holder.close()


def test_a_known_file_starts_nothing_heavy(results: Path) -> None:
    check()
    code = "import sys; from backend_team.cli.main import main; main(['check']); print(*sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"yaml", "libcst", "backend_team.analysis.engine", "backend_team.rules.load", "git", "rich", "asyncio"}
    assert not heavy & set(ran.stderr.split())
