"""The cache of answers: encrypted, expiring, deaf to what others wrote into its files."""

from __future__ import annotations

import json
import os
import pickle
import sqlite3
import stat
import time
from typing import TYPE_CHECKING, Any

import keyring
import keyring.backends.fail
import pytest

from backend_team.assist.cache import DAY, LIFETIME, LONGEST, AnswerCache, encryption_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.assist.conftest import MemoryKeyring

KEY = "ab" * 32
ANSWER = {"code": "def f(): ...", "reason": "shorter"}


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[AnswerCache]:
    """An empty cache on disk."""
    made = AnswerCache(tmp_path / "cache")
    yield made
    made.close()


def rows(folder: Path, statement: str, *values: Any) -> list[Any]:
    """Work on the database behind the cache's back."""
    database = sqlite3.connect(folder / "cache.db", isolation_level=None)
    try:
        return database.execute(statement, values).fetchall()
    finally:
        database.close()


def test_what_was_put_is_found_by_another_process(cache: AnswerCache, tmp_path: Path) -> None:
    assert cache.get(KEY, "suggestion") is None
    cache.put(KEY, "suggestion", ANSWER)
    assert cache.get(KEY, "suggestion") == ANSWER
    assert cache.on_disk
    other = AnswerCache(tmp_path / "cache")
    assert other.get(KEY, "suggestion") == ANSWER
    other.drop(KEY)
    assert cache.get(KEY, "suggestion") is None
    other.close()


def test_nothing_on_disk_can_be_read(cache: AnswerCache, tmp_path: Path) -> None:
    cache.put(KEY, "suggestion", ANSWER)
    cache.close()
    files = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert files
    assert not any(b"def f" in path.read_bytes() or b"shorter" in path.read_bytes() for path in files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


class _Bomb:
    """Leaves a mark where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = str(mark)

    def __reduce__(self) -> Any:
        return os.mkdir, (self.mark,)


@pytest.mark.parametrize("place", ["value", "file", "key", "text", "path"])
def test_a_tampered_row_is_a_miss_and_runs_nothing(cache: AnswerCache, tmp_path: Path, place: str) -> None:
    cache.put(KEY, "suggestion", ANSWER)
    folder, mark = tmp_path / "cache", tmp_path / "executed"
    payload = pickle.dumps(_Bomb(mark))
    if place == "value":
        rows(folder, "UPDATE Cache SET mode = 4, value = ?", payload)
    elif place == "file":
        (folder / "payload.val").write_bytes(payload)
        rows(folder, "UPDATE Cache SET mode = 4, value = NULL, filename = 'payload.val'")
    elif place == "key":
        rows(folder, "UPDATE Cache SET key = ?, raw = 0", payload)
    elif place == "text":
        rows(folder, "UPDATE Cache SET mode = 3, value = NULL, filename = '../../../../etc/hostname'")
    else:
        rows(folder, "UPDATE Cache SET mode = 2, value = NULL, filename = 'cache.db'")
    assert cache.get(KEY, "suggestion") is None
    cache.put(KEY, "suggestion", ANSWER)
    cache._disk.expire(time.time() + 2 * LONGEST)  # walks over every row, and removes what rows name
    assert not mark.exists()
    assert (folder / "cache.db").exists()
    cache.put(KEY, "suggestion", ANSWER)
    assert cache.get(KEY, "suggestion") == ANSWER


def test_an_answer_cannot_be_moved_to_another_question(cache: AnswerCache, tmp_path: Path) -> None:
    cache.put(KEY, "suggestion", ANSWER)
    rows(tmp_path / "cache", "UPDATE Cache SET key = ?", "cd" * 32)
    assert cache.get("cd" * 32, "suggestion") is None


def test_a_changed_byte_is_a_miss(cache: AnswerCache, tmp_path: Path) -> None:
    cache.put(KEY, "suggestion", ANSWER)
    ((value,),) = rows(tmp_path / "cache", "SELECT value FROM Cache")
    rows(tmp_path / "cache", "UPDATE Cache SET value = ?", value[:-1] + bytes([value[-1] ^ 1]))
    assert cache.get(KEY, "suggestion") is None


def test_another_key_is_a_miss(cache: AnswerCache, tmp_path: Path) -> None:
    cache.put(KEY, "suggestion", ANSWER)
    other = AnswerCache(tmp_path / "cache", lambda: b"k" * 32)
    assert other.get(KEY, "suggestion") is None
    other.close()


@pytest.mark.parametrize("damage", [b"not a database at all" * 200, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_damaged_file_is_moved_aside(cache: AnswerCache, tmp_path: Path, damage: bytes) -> None:
    cache.put(KEY, "suggestion", ANSWER)
    cache.close()
    for path in (tmp_path / "cache").glob("cache.db*"):
        path.write_bytes(damage)
    assert cache.get(KEY, "suggestion") is None
    cache.put(KEY, "suggestion", ANSWER)
    assert cache.get(KEY, "suggestion") == ANSWER
    assert (tmp_path / "cache-damaged" / "cache.db").read_bytes()[: len(damage)] == damage
    assert cache.on_disk


def test_damage_while_it_is_open_is_a_miss_too(cache: AnswerCache, tmp_path: Path) -> None:
    for number in range(200):
        cache.put(f"{number:064x}", "suggestion", {"code": "x" * 2_000})
    rows(tmp_path / "cache", "PRAGMA wal_checkpoint(TRUNCATE)")
    file = tmp_path / "cache" / "cache.db"
    size = file.stat().st_size
    with file.open("r+b") as damaged:
        damaged.seek(4096)
        damaged.write(os.urandom(size - 4096))
    for number in range(200):
        assert cache.get(f"{number:064x}", "suggestion") in (None, {"code": "x" * 2_000})
        cache.put(f"{number:064x}", "suggestion", {"code": "x" * 2_000})
    assert cache.get(f"{199:064x}", "suggestion") == {"code": "x" * 2_000}


def test_a_folder_that_cannot_be_made_means_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = AnswerCache(tmp_path / "file" / "cache")
    cache.put(KEY, "suggestion", ANSWER)
    assert cache.get(KEY, "suggestion") == ANSWER
    assert not cache.on_disk


def test_without_a_keyring_answers_stay_in_memory(tmp_path: Path) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())
    cache = AnswerCache(tmp_path / "cache")
    cache.put(KEY, "suggestion", ANSWER)
    assert cache.get(KEY, "suggestion") == ANSWER
    assert not cache.on_disk
    assert not (tmp_path / "cache").exists()
    for number in range(300):
        cache.put(f"{number:064x}", "suggestion", ANSWER)
    assert cache.get(KEY, "suggestion") is None
    assert cache.get(f"{299:064x}", "suggestion") == ANSWER


@pytest.mark.parametrize(("kind", "days"), [("analysis", 7), ("suggestion", 1 / 24), ("documentation", 3)])
@pytest.mark.parametrize("on_disk", [True, False])
def test_each_kind_has_its_lifetime(tmp_path: Path, kind: Any, days: float, on_disk: bool) -> None:
    assert LIFETIME[kind] == days * DAY <= LONGEST == 30 * DAY
    cache = AnswerCache(tmp_path / "cache", encryption_key if on_disk else lambda: None)
    cache.put(KEY, kind, ANSWER)
    other = next(name for name in LIFETIME if name != kind)
    assert cache.get(KEY, kind) == ANSWER
    assert cache.get(KEY, other) is None
    if on_disk:
        ((stored, expires, tag),) = rows(tmp_path / "cache", "SELECT store_time, expire_time, tag FROM Cache")
        assert expires - stored == pytest.approx(LIFETIME[kind], abs=5)
        assert tag == kind
    cache.close()


@pytest.mark.parametrize(("age", "fresh"), [(3_500, True), (3_700, False), (-3_600, False)])
def test_age_is_sealed_with_the_answer(tmp_path: Path, age: float, fresh: bool) -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cache = AnswerCache(tmp_path / "cache", lambda: b"k" * 32)
    cache.put(KEY, "suggestion", ANSWER)
    value = {"kind": "suggestion", "stored": time.time() - age, "answer": ANSWER}
    sealed = b"n" * 12 + AESGCM(b"k" * 32).encrypt(b"n" * 12, json.dumps(value).encode(), KEY.encode())
    rows(tmp_path / "cache", "UPDATE Cache SET value = ?, expire_time = expire_time + 1e9", sealed)
    assert (cache.get(KEY, "suggestion") == ANSWER) is fresh
    cache.close()


def test_the_encryption_key_is_made_once(memory_keyring: MemoryKeyring) -> None:
    first = encryption_key()
    assert first is not None
    assert len(first) == 32
    assert encryption_key() == first
    memory_keyring.entries = dict.fromkeys(memory_keyring.entries, "damaged")
    again = encryption_key()
    assert again not in (None, first)
