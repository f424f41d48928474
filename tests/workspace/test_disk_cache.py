"""Bytes on disk between runs: trouble of any kind is a miss, nothing pickled is read, what is damaged is rebuilt."""

from __future__ import annotations

import os
import pickle
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from backend_team.workspace.disk_cache import DATABASE, PATIENCE, DiskCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SIZE = 4 * 2**20
DAY = 86_400


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[DiskCache]:
    """A cache with one value in it, closed."""
    with DiskCache(tmp_path / "kept", SIZE) as made:
        assert made.put({"key": b"value"}, DAY)
        made.close()
        yield made


def rows(cache: DiskCache, statement: str, *values: Any) -> list[Any]:
    """Work on the database behind the cache's back."""
    database = sqlite3.connect(cache.folder / DATABASE, isolation_level=None)
    try:
        return database.execute(statement, values).fetchall()
    finally:
        database.close()


def is_rebuilt(cache: DiskCache) -> bool:
    """Whether the cache works from now on."""
    return cache.put({"again": b"value"}, DAY) and cache.get("again") == b"value"


def test_another_process_finds_what_was_kept(cache: DiskCache) -> None:
    assert cache.get("key") == b"value"
    assert cache.get("other") is None
    with DiskCache(cache.folder, SIZE) as other:
        assert other.get("key") == b"value"
        other.delete("key")
    assert cache.get("key") is None


def test_only_its_owner_reads_it(cache: DiskCache) -> None:
    assert cache.get("key") == b"value"
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    files = list(cache.folder.iterdir())
    assert len(files) >= 2
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


class _Bomb:
    """Leaves a mark where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = str(mark)

    def __reduce__(self) -> Any:
        return os.mkdir, (self.mark,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE Cache SET mode = 4, value = ?",
        "UPDATE Cache SET mode = 4, value = NULL, filename = 'payload.val', tag = ?",
        "UPDATE Cache SET key = ?, raw = 0",
        "UPDATE Cache SET mode = 2, value = NULL, filename = 'cache.db', tag = ?",
        "UPDATE Cache SET value = 'text', tag = ?",
        "INSERT INTO Settings VALUES ('disk_pickle_protocol', ?)",
    ],
)
def test_a_row_of_somebody_else_is_a_miss_and_runs_nothing(cache: DiskCache, tmp_path: Path, statement: str) -> None:
    payload = pickle.dumps(_Bomb(tmp_path / "executed"))
    (cache.folder / "payload.val").write_bytes(payload)
    if "Settings" in statement:
        rows(cache, "DELETE FROM Settings WHERE key = 'disk_pickle_protocol'")
    rows(cache, statement, payload)
    assert cache.get("key") in (None, b"value")
    assert is_rebuilt(cache)
    cache.expire(time.time() + 10 * DAY)  # walks over every row, and removes what rows name
    assert not (tmp_path / "executed").exists()
    assert (cache.folder / DATABASE).exists()
    assert is_rebuilt(cache)


def _emptied(file: Path) -> None:
    file.write_bytes(b"")


def _random(file: Path) -> None:
    file.write_bytes(os.urandom(50_000))


def _half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _page_and_a_bit(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5_000])


def _header_only(file: Path) -> None:
    file.write_bytes(b"SQLite format 3\0" + b"\xff" * 5_000)


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _holes(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for place in range(4096, len(content), 4096):
        content[place : place + 512] = os.urandom(512)
    file.write_bytes(content)


def _other_tables(file: Path) -> None:
    file.unlink()
    database = sqlite3.connect(file)
    database.executescript("CREATE TABLE Cache (key); CREATE TABLE Settings (key TEXT UNIQUE, value)")
    database.close()


def _wrong_settings(file: Path) -> None:
    database = sqlite3.connect(file)
    database.executescript("UPDATE Settings SET value = 'nonsense'; UPDATE Settings SET key = 'x' WHERE key = 'count'")
    database.close()


@pytest.mark.parametrize(
    "damage",
    [
        *(_emptied, _random, _half, _page_and_a_bit, _header_only),
        *(_folder, _holes, _other_tables, _wrong_settings),
    ],
)
@pytest.mark.parametrize("is_open", [False, True])
def test_a_damaged_file_is_a_miss_and_rebuilt(cache: DiskCache, damage: Callable[[Path], None], is_open: bool) -> None:
    many = {f"{number}": b"x" * 2_000 for number in range(100)}
    cache.put(many, DAY)
    rows(cache, "PRAGMA wal_checkpoint(TRUNCATE)")
    if not is_open:
        cache.close()
    damage(cache.folder / DATABASE)
    for key, value in many.items():
        assert cache.get(key) in (None, value)
    cache.put(many, DAY)
    cache.close()
    assert cache.put(many, DAY)
    assert all(cache.get(key) == value for key, value in many.items())


def test_what_was_damaged_is_kept_beside(cache: DiskCache) -> None:
    damage = b"not a database at all" * 200
    (cache.folder / DATABASE).write_bytes(damage)
    assert cache.get("key") is None
    assert (cache.folder.with_name("kept-damaged") / DATABASE).read_bytes() == damage
    assert is_rebuilt(cache)
    cache.clear()
    assert not cache.folder.with_name("kept-damaged").exists()


@pytest.mark.parametrize("lock", ["BEGIN EXCLUSIVE", "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"])
def test_a_database_that_another_process_holds_costs_a_moment_once(cache: DiskCache, lock: str) -> None:
    holder = sqlite3.connect(cache.folder / DATABASE, isolation_level=None)
    holder.executescript(lock)
    begun = time.monotonic()
    for number in range(50):
        assert cache.get("key") in (None, b"value")
        assert not cache.put({f"{number}": b"value"}, DAY)
    assert time.monotonic() - begun < 3 * PATIENCE + 2
    holder.close()
    with DiskCache(cache.folder, SIZE) as later:
        assert later.get("key") == b"value"  # it was not moved aside


def test_a_folder_that_cannot_be_made_is_a_miss(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with DiskCache(tmp_path / "file" / "kept", SIZE) as cache:
        assert not cache.usable
        assert cache.get("key") is None
        assert not cache.put({"key": b"value"}, DAY)
        assert cache.extent() == (0, 0)


FILLS = """
import resource, sys
from pathlib import Path
from backend_team.workspace.disk_cache import DiskCache
cache = DiskCache(Path(sys.argv[1]), 2**30)
assert cache.get("key") == b"value"
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
kept = [cache.put({f"{number}": bytes(20_000)}, 1000) for number in range(50)]
assert kept[0] and not kept[-1], kept
assert cache.get("key") in (b"value", None)
print("done")
"""


def test_a_full_disk_is_a_miss_and_spares_what_is_there(cache: DiskCache) -> None:
    ran = subprocess.run([sys.executable, "-c", FILLS, cache.folder], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "done\n"), ran.stderr
    assert cache.get("key") == b"value"
    assert not cache.folder.with_name("kept-damaged").exists()
    assert is_rebuilt(cache)


WRITES = """
import itertools, sys
from pathlib import Path
from backend_team.workspace.disk_cache import DiskCache
cache = DiskCache(Path(sys.argv[1]), 2**26)
for number in itertools.count():
    assert cache.put({f"{sys.argv[2]}-{number % 50}-{part}": b"%d" % number * 500 for part in range(10)}, 1000)
    if number == 20:
        print("going", flush=True)
"""


def test_killed_at_any_moment_it_holds_whole_values_only(cache: DiskCache) -> None:
    for moment in range(5):
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITES, cache.folder, name], stdout=subprocess.PIPE)
            for name in "ab"
        ]
        for writer in writers:
            with writer:
                assert writer.stdout is not None
                assert writer.stdout.readline() == b"going\n"
                time.sleep(moment / 500)  # not to wait for something: to strike at another place each time
                writer.send_signal(signal.SIGKILL)
        with DiskCache(cache.folder, SIZE) as survivor:
            assert survivor.get("key") == b"value"
            for number in range(20):
                parts = [survivor.get(f"a-{number}-{part}") for part in range(10)]
                assert len(set(parts)) == 1  # all of a `put`, or nothing of it
            assert survivor.put({"alive": b"value"}, DAY)
        assert not cache.folder.with_name("kept-damaged").exists()


def test_threads_share_it(cache: DiskCache) -> None:
    failures: list[int] = []

    def work(number: int) -> None:
        for turn in range(30):
            key, value = f"{number}-{turn}", b"%d" % turn
            if not cache.put({key: value}, DAY) or cache.get(key) != value:
                failures.append(number)
        cache.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_what_is_over_is_gone(cache: DiskCache) -> None:
    cache.put({"short": b"value"}, 10)
    rows(cache, "UPDATE Cache SET expire_time = expire_time - 20 WHERE key = 'short'")
    assert cache.get("short") is None
    assert cache.extent().entries == 2
    cache.expire()
    assert cache.extent().entries == 1


def test_the_size_is_bounded_and_the_oldest_goes_first(tmp_path: Path) -> None:
    with DiskCache(tmp_path / "small", 200_000) as cache:
        for number in range(100):
            assert cache.put({f"{number}": bytes(10_000)}, DAY)
        cache.close()
        assert cache.extent().size < 400_000
        assert cache.get("0") is None
        assert cache.get("99") == bytes(10_000)


def test_clear_leaves_nothing(cache: DiskCache) -> None:
    cache.put({f"{number}": bytes(10_000) for number in range(50)}, DAY)
    cache.clear()
    assert cache.get("key") is None
    assert cache.extent().size < 100_000
    assert is_rebuilt(cache)


def test_clear_of_what_cannot_be_opened_removes_it(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file in place of the folder")
    with DiskCache(tmp_path / "kept", SIZE) as cache, pytest.raises(OSError, match="kept"):
        cache.clear()
