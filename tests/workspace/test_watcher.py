"""The watcher: what it tells, and that it goes on telling."""

from __future__ import annotations

import queue
import time
from typing import TYPE_CHECKING

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
