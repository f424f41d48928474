"""Threads share one heap: what one has freed the next one takes."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

from backend_team.lsp.memory import share_heap

PROGRAM = """
import sys, threading
from pathlib import Path
from backend_team.lsp.memory import share_heap

if sys.argv[1] == "share":
    assert share_heap()
kept = []
def work():
    kept.append(bytes(20_000))
    there.wait()
there = threading.Barrier(5)
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
there.wait()
# A heap of a thread is mapped in 64 MiB, of which the most is set aside and can't be read.
maps = [line.split() for line in Path("/proc/self/maps").read_text().splitlines()]
sizes = [int(end, 16) - int(start, 16) for start, end in (line[0].split("-") for line in maps if line[1] == "---p")]
print(sum(32 << 20 < size <= 64 << 20 for size in sizes))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives each thread a heap")
def test_threads_share_one_heap() -> None:
    def heaps(how: str) -> int:
        done = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    assert heaps("share") < heaps("leave")


def test_a_python_without_ctypes_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctypes", None)
    assert not share_heap()
