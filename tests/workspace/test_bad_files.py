"""Files that go wrong while they are fixed: what can't be done is said, and nothing is half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from backend_team.errors import FileError, StaleError
from backend_team.findings import Safety
from backend_team.rules.load import load_rules
from backend_team.text import Source
from backend_team.workspace import files
from backend_team.workspace.scan import fix_files, scan

if TYPE_CHECKING:
    from pathlib import Path

RULES = load_rules()
OFFENCE = "import os\n\n\ndef positive(x):\n    if x > 0:\n        return True\n    else:\n        return False\n"


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_text(OFFENCE, encoding="utf-8")
    return path


def left_over(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir() if each != path)


def test_a_read_only_file_stays_as_it_is(module: Path) -> None:
    module.chmod(0o444)
    (done,) = fix_files([module], RULES, safety=Safety.SAFE, write=True, jobs=0)
    assert [problem.kind for problem in done.report.problems] == ["file"]
    assert "read-only" in done.report.problems[0].message
    assert done.edits == ()
    assert module.read_text(encoding="utf-8") == OFFENCE
    assert left_over(module) == []


def test_a_file_that_changes_while_it_is_fixed_is_refused(module: Path) -> None:
    before = files.read(module)
    module.write_text("mine = 1\n", encoding="utf-8")
    with pytest.raises(StaleError, match="changed meanwhile"):
        files.write(Source(str(module), "theirs = 2\n"), before=before)
    assert module.read_text(encoding="utf-8") == "mine = 1\n"


def test_a_file_that_vanishes_is_a_problem_of_that_file(module: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone.py"
    first, second = scan([gone, module], RULES, jobs=0)
    assert [problem.kind for problem in first.problems] == ["file"]
    assert second.findings
    (done, _) = fix_files([gone, module], RULES, safety=Safety.SAFE, write=True, jobs=0)
    assert done.before is None
    assert not gone.exists()


def test_a_file_that_vanishes_before_it_is_written_does_not_come_back(module: Path) -> None:
    before = files.read(module)
    module.unlink()
    with pytest.raises(FileError):
        files.write(Source(str(module), "x = 1\n"), before=before)
    assert not module.exists()


def test_a_folder_named_like_a_module_is_a_problem(tmp_path: Path) -> None:
    folder = tmp_path / "folder.py"
    folder.mkdir()
    (report,) = scan([folder], RULES, jobs=0)
    assert [problem.kind for problem in report.problems] == ["file"]


def test_a_full_disk_leaves_the_file_as_it_was(module: Path) -> None:
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from backend_team.workspace import files\n"
        "from backend_team.text import Source\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))\n"
        "files.write(Source(sys.argv[1], 'x = 1\\n' * 100), before=files.read(Path(sys.argv[1])))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(module)], capture_output=True, text=True, check=False)
    assert "FileError" in done.stderr
    assert "can't be written" in done.stderr
    assert module.read_text(encoding="utf-8") == OFFENCE
    assert left_over(module) == []


def test_a_link_stays_a_link(module: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(module)
    list(fix_files([link], RULES, safety=Safety.SAFE, write=True, jobs=0))
    assert link.is_symlink()
    assert module.read_text(encoding="utf-8") != OFFENCE


def test_killed_in_the_middle_every_file_is_whole(tmp_path: Path) -> None:
    """`kill -9` while many files are fixed: each holds the text before or the text after, never a part."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(120):
        (folder / f"m{number}.py").write_text(OFFENCE, encoding="utf-8")
    (after,) = fix_files([folder / "m0.py"], RULES, safety=Safety.SAFE, write=False, jobs=0)
    assert after.edits
    fixed = Source("m.py", OFFENCE).edited(after.edits).text
    command = [sys.executable, "-P", "-m", "backend_team", "fix", "--jobs", "2", str(folder)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=tmp_path, start_new_session=True)

    def kill_when_some_are_done() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            if any(path.read_text(encoding="utf-8") == fixed for path in sorted(folder.glob("m*.py"))[:20]):
                break
            time.sleep(0.005)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_when_some_are_done)
    killer.start()
    process.wait(90)
    killer.join()
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("m*.py")}
    assert len(texts) == 120
    assert set(texts.values()) <= {OFFENCE, fixed}
