"""What can be wrong with arguments, files and folders: each said with the way out, none with a traceback."""

from __future__ import annotations

import json
import os
import resource
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.command import COMMAND, UNTIDY, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "chek"),
        ([], "required: COMMAND"),
        (["check", "--fromat", "json"], 'did you mean "--format"?'),
        (["check", "--nothing-like-it"], "backend-team check --help"),
        (["fix", "--watch"], 'unknown option "--watch"'),
        (["check", "--format", "xml"], "sarif"),
        (["check", "--select", ""], "--select names no rule"),
        (["check", "--select", "F401"], "backend-team explain F401 says"),
        (["check", "--jobs", "0"], "must be a whole number from 1"),
        (["check", "--jobs", "x"], "must be a whole number from 1"),
        (["check", "--jobs", "²"], "must be a whole number from 1"),
        (["check", "nowhere"], "nowhere does not exist"),
        (["fix", "nowhere"], "nowhere does not exist"),
        (["check", "--select", "unused-imprt"], 'did you mean "unused-import"?'),
        (["check", "--fix", "--diff"], "--fix and --diff don't go together"),
        (["check", "--watch", "--diff"], "--watch and --diff don't go together"),
        (["check", "--watch", "--format", "sarif"], "--watch prints text"),
        (["check", "--unsafe"], "--unsafe needs --fix or --diff"),
        (["check", "--statistics", "--format", "sarif"], "--statistics has no format sarif"),
        (["check", "--write-baseline", "--select", "imports"], "--write-baseline and --select don't go together"),
        (["check", "--baseline"], "check --write-baseline makes it"),
        (["check", "--baseline=nowhere.txt"], "there is no baseline nowhere.txt"),
        (["rules", "show"], "id"),
        (["rules", "show", "a", "b"], 'unexpected argument "b"'),
        (["rules", "lst"], "lst"),
    ],
    ids=" ".join,
)
def test_wrong_arguments(project: Path, arguments: list[str], said: str) -> None:
    done = run(project, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert said in done.err
    assert "usage:" not in done.err
    assert (project / "untidy.py").read_text() == UNTIDY


def test_an_option_takes_no_path_for_its_value(project: Path) -> None:
    assert run(project, "check", "--write-baseline", "untidy.py").code == 0
    assert (project / ".backend-team" / "baseline.txt").is_file()
    assert run(project, "check", "--baseline", "untidy.py").code == 0


def test_a_folder_without_python(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("")
    for command in ("check", "fix"):
        done = run(tmp_path, command)
        assert done.code == 0
        assert "No Python files here." in done.out + done.err


def test_an_unreadable_file(project: Path) -> None:
    (project / "secret.py").symlink_to("/proc/self/mem")  # an error for everybody, root included
    done = run(project, "check")
    assert "secret.py:1:1: error file" in done.out
    assert "unused-import" in done.out
    assert done.code == 2
    assert run(project, "fix").code == 2
    written = run(project, "check", "--write-baseline")
    assert written.code == 2
    assert "secret.py can't be read" in written.err


def test_links_that_lead_nowhere_or_around(project: Path) -> None:
    (project / "loop").symlink_to(project)
    (project / "gone.py").symlink_to(project / "nothing.py")
    (project / "self.py").symlink_to(project / "self.py")
    done = run(project, "check", "--format", "json", "--select", "unused-import")
    assert [item["path"] for item in json.loads(done.out)] == ["untidy.py"]
    named = run(project, "check", "self.py")
    assert named.code in {1, 2}
    assert "self.py" in named.out + named.err


def test_names_that_are_no_text(project: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \x1b[31m\n.py")
    (project / name).write_text("import os\n")
    for kind in ("text", "json", "sarif", "github", "junit"):
        done = run(project, "check", "--format", kind, "--select", "unused-import", PYTHONIOENCODING="utf-8")
        assert done.code == 1
        assert "\x1b" not in done.out
        assert kind == "junit" or not any(line.startswith(".py") for line in done.out.splitlines())
    assert run(project, "fix").code == 0
    assert (project / name).read_text() == ""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_that_lacks_characters(project: Path, encoding: str) -> None:
    (project / "untidy.py").write_text("import os  # \U0001f600 日本\n")
    for kind in ("text", "github"):  # the others are ASCII
        done = run(project, "check", "--format", kind, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
        assert done.code == 1
    assert run(project, "explain", "unused-import", PYTHONIOENCODING=encoding, PYTHONUTF8="0").code == 0


def test_a_line_of_a_megabyte(project: Path) -> None:
    (project / "untidy.py").write_text("x = '" + "a" * 1_000_000 + "'; import os\n")
    done = run(project, "check", "--select", "unused-import")
    assert done.code == 1
    assert len(done.out) < 1_000


@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [
        ("<&-", "check", 1),
        ("<&-", "check -", 0),
        ("<&-", "fix -", 0),
        (">&-", "check", 1),
        (">&-", "fix --diff", 1),
        (">&-", "explain F401", 0),
        ("2>&-", "check", 1),
        ("<&- >&- 2>&-", "check", 1),
        ("<&- >&- 2>&-", "check absent", 2),
    ],
)
def test_streams_that_are_closed(project: Path, closed: str, arguments: str, code: int) -> None:
    command = f"{shlex.join(COMMAND)} {arguments} {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=project, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves(project: Path) -> None:
    for number in range(30):
        (project / f"file{number}.py").write_text(UNTIDY * 40)
    for kind in ("text", "json", "sarif"):
        command = [*COMMAND, "check", "--format", kind]
        with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(10)
            process.stdout.close()
            assert process.stderr.read() == b""
            process.wait(30)


def test_a_full_disk_is_said(project: Path) -> None:
    full = "/dev/full"
    if not os.path.exists(full):
        pytest.fail(f"{full} is needed")
    with open(full, "wb") as disk:
        done = subprocess.run(
            [*COMMAND, "check"], cwd=project, stdout=disk, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_starts_at_once(tmp_path: Path) -> None:
    """Counted in time of the processor: other work on the machine must not decide."""

    def used() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*COMMAND, "check"], cwd=tmp_path, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(used() for _ in range(5)) < 0.25


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["check"], ["libcst", "rich", "asyncio", "git", "watchdog", "yaml", "importlib.metadata"]),
        (["check", "--format", "json", "clean.py"], ["libcst", "rich", "asyncio", "git", "watchdog"]),
        (["rules"], ["libcst", "rich", "asyncio", "git"]),
        (["explain", "F401"], ["libcst", "rich", "asyncio", "git"]),
    ],
    ids=" ".join,
)
def test_what_is_not_needed_is_not_loaded(tmp_path: Path, arguments: list[str], unwanted: list[str]) -> None:
    if "clean.py" in arguments:
        (tmp_path / "clean.py").write_text("print(1)\n")
    code = (
        "import sys\nfrom backend_team.cli.main import main\n"
        f"main({arguments!r})\nprint([name for name in {unwanted!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
