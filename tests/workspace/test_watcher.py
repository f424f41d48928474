"""The watcher: what it tells, and that it goes on telling."""

from __future__ import annotations

import queue
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from backend_team.workspace.watcher import Watcher

if TYPE_CHECKING:
    from pathlib import Path


def test_folders_made_within_each_other_at_once_don_t_end_it(tmp_path: Path) -> None:
    told: queue.SimpleQueue[list[Path]] = queue.SimpleQueue()
    watcher = Watcher(told.put)
    watcher.watch([tmp_path])
    try:
        for number in range(400):
            (tmp_path / f"a{number}" / "b" / "c" / "d").mkdir(parents=True)
        last = tmp_path / "last.py"
        last.write_text("")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if last in told.get(timeout=20):
                break
        else:
            raise AssertionError("the last file was never told of")
    finally:
        watcher.close()


def test_folders_around_have_any_name(tmp_path: Path) -> None:
    """Only below the watched folder is `build` a place where nobody looks."""
    folder = tmp_path / "build" / "venv" / "shop"
    (folder / "dist").mkdir(parents=True)
    told: queue.SimpleQueue[list[Path]] = queue.SimpleQueue()
    watcher = Watcher(told.put)
    watcher.watch([folder])
    try:
        (folder / "dist" / "made.py").write_text("")
        (folder / "a.py").write_text("")
        assert told.get(timeout=20) == [folder / "a.py"]
    finally:
        watcher.close()


def test_a_file_that_is_moved_out_of_a_folder_nobody_looks_into(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "a.py").write_text("")
    told: queue.SimpleQueue[list[Path]] = queue.SimpleQueue()
    watcher = Watcher(told.put)
    watcher.watch([tmp_path])
    try:
        (tmp_path / "build" / "a.py").rename(tmp_path / "a.py")
        assert told.get(timeout=20) == [tmp_path / "a.py"]
    finally:
        watcher.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of inotify")
@pytest.mark.parametrize("limit", [0, 3], ids=["nothing can be watched", "some folders can"])
def test_the_limit_of_watches_is_said_once_with_the_way_out(tmp_path: Path, limit: int) -> None:
    """In a user namespace of its own, whose limit is its own too."""
    for number in range(20):
        (tmp_path / f"shop{number % 2}" / f"a{number}").mkdir(parents=True)
    set_limit = f'echo {limit} > /proc/sys/user/max_inotify_watches && exec "$0" "$@"'
    alone = ["unshare", "--user", "--map-root-user", "sh", "-c", set_limit]
    try:
        subprocess.run([*alone, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system makes no user namespaces")
    folders = [str(tmp_path / "shop0"), str(tmp_path / "shop1")]
    done = subprocess.run([*alone, sys.executable, "-c", _WATCH, *folders], capture_output=True, text=True, check=True)
    (said,) = done.stdout.splitlines()
    assert said.startswith(f"changes below {folders[0]} may be overlooked: the system's limit is reached")
    assert "fs.inotify.max_user_watches" in said
    assert done.stderr == ""


_WATCH = """
import sys
from pathlib import Path
from backend_team.workspace.watcher import Watcher

watcher = Watcher(print, print)
for _ in range(2):
    watcher.watch([Path(name) for name in sys.argv[1:]])
watcher.close()
"""
