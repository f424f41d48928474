"""What is kept on disk between runs, bytes by key; the only module that knows diskcache.

diskcache reads pickles by itself when a row of its database says so (CVE-2025-69872), whoever wrote that row. The
`Disk` used here never does: it stores bytes in the database and raises on every other mode, of values and of keys.
Trouble of any kind is a miss, never an error: a damaged database is moved aside and a new one begun; when the disk is
full, read-only or held by another process, nothing is kept for a while.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
import time
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import ModuleType

PATIENCE: Final = 1.0  # seconds to wait for another process that holds the database
REST: Final = 30.0  # seconds without a further try after the disk refused
DATABASE: Final = "cache.db"

# Trouble of the machine, not of the file: the file may be whole, and others may be using it.
_REFUSALS: Final = frozenset(
    {"BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "READONLY", "PERM", "AUTH", "NOMEM", "INTERRUPT", "TOOBIG", "NOLFS"}
)
_DAMAGE: Final = frozenset({"SQLITE_IOERR_SHORT_READ", "SQLITE_IOERR_CORRUPTFS", "SQLITE_IOERR_DATA"})

_Answer = TypeVar("_Answer")


class Extent(NamedTuple):
    """How much is kept: entries, and bytes on disk."""

    entries: int
    size: int


class DiskCache:
    """Bytes by key in a folder of their own; may be used from any thread.

    `size` bounds the bytes on disk: what was stored longest ago goes first. Nothing is opened before it is needed.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.folder = folder
        self._size = size
        self._lock = threading.RLock()
        self._cache: Any = None  # a diskcache.Cache, which has no types
        self._rests_until = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def usable(self) -> bool:
        """Whether the disk can be used now; opens the database when it can."""
        with self._lock:
            return self._opened() is not None

    def get(self, key: str) -> bytes | None:
        """What was put under a key; None when there is nothing, or nothing of ours."""

        def read(opened: Any) -> bytes | None:
            try:
                found = opened.get(key)
            except _ForeignError as error:
                _say("%s: a row that was not written here is dropped: %s", self.folder, error)
                opened.delete(key)
                return None
            return found if isinstance(found, bytes) else None

        return self._do(read, None)

    def put(self, values: Mapping[str, bytes], lifetime: float, tag: str | None = None) -> bool:
        """Keep values for so many seconds, all or none of them; whether they were kept."""

        def write(opened: Any) -> bool:
            with opened.transact():
                for key, value in values.items():
                    opened.set(key, value, expire=lifetime, tag=tag)
            return True

        return self._do(write, False)

    def delete(self, key: str) -> None:
        """Forget what is under a key."""
        self._do(lambda opened: opened.delete(key), False)

    def expire(self, now: float | None = None) -> None:
        """Remove what is over; diskcache itself does so only little by little."""
        self._do(lambda opened: opened.expire(now), 0)

    def clear(self) -> None:
        """Forget everything, what was damaged too. Raises `OSError` when the files can't be removed."""
        import shutil

        def empty(opened: Any) -> bool:
            opened.clear()
            opened._sql("VACUUM")
            opened._sql("PRAGMA wal_checkpoint(TRUNCATE)")
            return True

        with self._lock:
            emptied = self._do(empty, False)  # others may be using it: the files stay when they are whole
            self.close()
            for folder in (_aside(self.folder),) if emptied else (self.folder, _aside(self.folder)):
                if folder.exists():
                    shutil.rmtree(folder)

    def extent(self) -> Extent:
        """How much is kept."""
        entries: int = self._do(len, 0)
        try:
            size = sum(entry.stat().st_size for entry in os.scandir(self.folder) if entry.is_file())
        except OSError:
            size = 0
        return Extent(entries, size)

    def close(self) -> None:
        """Let go of the files; the next use opens them again."""
        with self._lock:
            opened, self._cache = self._cache, None
            if opened is not None:
                try:
                    opened.close()
                except sqlite3.Error as error:
                    _say("%s: %s", self.folder, error)

    def _do(self, work: Callable[[Any], _Answer], otherwise: _Answer) -> _Answer:
        with self._lock:
            opened = self._opened()
            if opened is None:
                return otherwise
            try:
                return work(opened)
            except (sqlite3.Error, OSError, ValueError, TypeError, _kinds().timeout) as error:
                self._trouble(error)
            return otherwise

    def _opened(self) -> Any:
        if self._cache is None and time.monotonic() >= self._rests_until:
            for _ in range(2):  # a second time when the first moved a damaged one aside
                try:
                    self._cache = _open(self.folder, self._size)
                    break
                except Exception as error:  # its rows may say anything, and diskcache believes them
                    self._trouble(error)
                    if time.monotonic() < self._rests_until:
                        break
        return self._cache

    def _trouble(self, error: Exception) -> None:
        damaged = self._is_damage(error)
        _say("%s: %s, taken as a miss: %r", self.folder, "damaged" if damaged else "unusable", error)
        self.close()
        if damaged:
            try:
                _move_aside(self.folder)
            except OSError as left:
                _say("%s: can't be moved aside: %s", self.folder, left)
            else:
                return
        self._rests_until = time.monotonic() + REST

    def _is_damage(self, error: BaseException) -> bool:
        """Whether the database itself is to blame; the first of several errors decides."""
        if isinstance(error.__context__, sqlite3.Error):
            return self._is_damage(error.__context__)  # what came after it, as a ROLLBACK that failed too
        database = self.folder / DATABASE
        # Not by Path, which raises where a folder above can't be searched.
        if os.path.lexists(database) and not os.path.isfile(database):  # noqa: PTH113
            return True
        if isinstance(error, (OSError, sqlite3.ProgrammingError, sqlite3.InterfaceError, _kinds().timeout)):
            return False
        name = getattr(error, "sqlite_errorname", "")
        return name in _DAMAGE or name.removeprefix("SQLITE_").split("_")[0] not in _REFUSALS


class _ForeignError(ValueError):
    """A row that was not written here."""


class _Kinds(NamedTuple):
    """What is used of diskcache."""

    cache: Callable[..., Any]
    disk: type
    timeout: type[Exception]


@cache
def _kinds() -> _Kinds:
    unwanted = "diskcache.djangocache"  # where Django is installed, it would be loaded for this
    hidden = sys.modules.setdefault(unwanted, cast("ModuleType", None)) is None
    try:
        import diskcache
    finally:
        if hidden:
            del sys.modules[unwanted]
    return _Kinds(_patient_cache(diskcache), _bytes_disk(diskcache), diskcache.Timeout)


def _bytes_disk(diskcache: Any) -> type:
    raw_mode: int = diskcache.core.MODE_RAW

    class BytesDisk(diskcache.Disk):  # type: ignore[misc]
        """Keys are text, values are bytes in the database; nothing else is written, and nothing else is read."""

        def put(self, key: Any) -> tuple[str, bool]:
            if not isinstance(key, str):
                raise TypeError("keys are text")
            return key, True

        def get(self, key: Any, raw: Any) -> str:
            if not raw or not isinstance(key, str):
                raise _ForeignError("a key that is no text")
            return key

        def store(self, value: Any, read: Any, key: Any = None) -> tuple[int, int, None, sqlite3.Binary]:
            if read or not isinstance(value, bytes):
                raise TypeError("values are bytes")
            return 0, raw_mode, None, sqlite3.Binary(value)  # a size is what lies outside of the database

        def fetch(self, mode: Any, filename: Any, value: Any, read: Any) -> bytes:
            if mode != raw_mode or filename is not None or read or not isinstance(value, bytes):
                raise _ForeignError("a value that is no bytes in the database")
            return value

        def remove(self, file_path: str) -> None:
            """We write no files: a row that names one was not written by us, and nothing is removed for it."""

    return BytesDisk


def _patient_cache(diskcache: Any) -> type:
    class PatientCache(diskcache.Cache):  # type: ignore[misc]
        """Waits `PATIENCE` for a database that another process holds; diskcache waits a minute when it opens one."""

        @property
        def _sql_retry(self) -> Callable[..., Any]:
            def execute(*arguments: Any) -> Any:
                end = time.monotonic() + PATIENCE
                while True:
                    try:
                        return self._sql(*arguments)
                    except sqlite3.OperationalError as error:
                        if getattr(error, "sqlite_errorname", "") != "SQLITE_BUSY" or time.monotonic() > end:
                            raise
                        time.sleep(0.002)

            return execute

    return PatientCache


def _open(folder: Path, size: int) -> Any:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    database = folder / DATABASE
    if not database.exists():
        os.close(os.open(database, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(database, timeout=PATIENCE)) as first:
        first.execute("SELECT count(*) FROM sqlite_master")  # diskcache would wait a minute for a locked one
    kinds = _kinds()
    # No memory maps: reading one ends the process when another one cuts the file.
    opened = kinds.cache(str(folder), timeout=PATIENCE, disk=kinds.disk, size_limit=size, sqlite_mmap_size=0)
    for file in folder.glob(f"{DATABASE}*"):
        file.chmod(0o600)
    return opened


def _say(message: str, *values: object) -> None:
    import logging  # nearly always there is nothing to say

    logging.getLogger(__name__).info(message, *values)


def _aside(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-damaged")


def _move_aside(folder: Path) -> None:
    """Put a damaged cache out of the way, in place of one that was put there before."""
    import shutil

    aside = _aside(folder)
    if aside.exists():
        shutil.rmtree(aside)
    if folder.exists():
        folder.replace(aside)
