"""Answers kept on disk, encrypted; the only module that knows diskcache.

diskcache reads pickles by itself when a row of its database says so (CVE-2025-69872), whoever wrote that row.
`SealedDisk` never does: it stores bytes and raises on every other mode. Values are AES-GCM ciphertext with their key as
associated data, so a value can't be moved to another key. The encryption key lives in the keyring of the operating
system; without one the cache stays in memory, never a key beside the data. Trouble of any kind is a miss.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import os
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Literal

from backend_team.assist.keys import CACHE_ENTRY, read_secret, write_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Kind = Literal["analysis", "suggestion", "documentation"]
DAY: Final = 86_400
LIFETIME: Final[Mapping[Kind, int]] = {"analysis": 7 * DAY, "suggestion": 3_600, "documentation": 3 * DAY}
LONGEST: Final = 30 * DAY  # nothing is older, whatever a lifetime says
SIZE: Final = 64 * 2**20
IN_MEMORY: Final = 256  # answers
EXPIRE_EVERY: Final = 3_600
_NONCE: Final = 12

_log = logging.getLogger(__name__)


class AnswerCache:
    """Answers by the hash of their question; may be used from any thread."""

    def __init__(self, folder: Path, read_key: Callable[[], bytes | None] | None = None) -> None:
        self._folder = folder
        self._read_key = read_key or encryption_key
        self._lock = threading.Lock()
        self._opened = False
        self._disk: Any = None  # a diskcache.Cache, which has no types
        self._cipher: AESGCM | None = None
        self._memory: dict[str, tuple[float, Kind, dict[str, Any]]] = {}
        self._expired_at = 0.0

    def get(self, key: str, kind: Kind) -> dict[str, Any] | None:
        """The answer to a question, None when there is none that is fresh and whole."""
        with self._lock:
            self._open()
            if self._disk is None or self._cipher is None:
                return self._remembered(key, kind)
            try:
                sealed = self._disk.get(key)
                value = None if sealed is None else _unsealed(self._cipher, key, sealed)
            except Exception as error:
                self._trouble(error)
                return None
            if value is None or not _fresh(value, kind):
                return None
            answer = value["answer"]
            return answer if isinstance(answer, dict) else None

    def put(self, key: str, kind: Kind, answer: Mapping[str, Any]) -> None:
        """Keep an answer (plain JSON data) for the lifetime of its kind."""
        now = time.time()
        with self._lock:
            self._open()
            if self._disk is None or self._cipher is None:
                self._memory.pop(key, None)
                self._memory[key] = (now, kind, dict(answer))
                while len(self._memory) > IN_MEMORY:
                    del self._memory[next(iter(self._memory))]
                return
            try:
                sealed = _sealed(self._cipher, key, {"kind": kind, "stored": now, "answer": dict(answer)})
                self._disk.set(key, sealed, expire=min(LIFETIME[kind], LONGEST), tag=kind)
                self._expire(now)
            except Exception as error:
                self._trouble(error)

    def drop(self, key: str) -> None:
        """Forget an answer."""
        with self._lock:
            self._memory.pop(key, None)
            if self._disk is not None:
                try:
                    self._disk.delete(key)
                except Exception as error:
                    self._trouble(error)

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            if self._disk is not None:
                self._disk.close()
            self._disk, self._opened = None, False

    @property
    def on_disk(self) -> bool:
        """Whether answers outlive this process."""
        with self._lock:
            self._open()
            return self._disk is not None

    def _open(self) -> None:
        if self._opened:
            return
        self._opened = True
        key = self._read_key()
        if key is None:
            return
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(key)
        try:
            self._disk = _opened(self._folder)
        except Exception as error:
            _log.info("the cache of answers is damaged (%s) and starts anew", type(error).__name__)
            try:
                _moved_aside(self._folder)
                self._disk = _opened(self._folder)
            except Exception as again:
                _log.warning("answers are kept in memory only: %s", type(again).__name__)

    def _trouble(self, error: Exception) -> None:
        _log.info("trouble in the cache of answers, taken as a miss: %s", type(error).__name__)
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            if self._disk is not None:
                self._disk.close()
            self._disk = None
            self._opened = False
            try:
                _moved_aside(self._folder)
            except OSError as left:
                _log.warning("the damaged cache can't be moved aside: %s", type(left).__name__)
                self._opened = True

    def _remembered(self, key: str, kind: Kind) -> dict[str, Any] | None:
        held = self._memory.get(key)
        if held is None or not _fresh({"kind": held[1], "stored": held[0]}, kind):
            return None
        return held[2]

    def _expire(self, now: float) -> None:
        """diskcache forgets what is over only when it is told to."""
        if self._disk is not None and now - self._expired_at > EXPIRE_EVERY:
            self._expired_at = now
            self._disk.expire()


def encryption_key() -> bytes | None:
    """The key of the cache from the keyring, made the first time; None when there is no keyring."""
    try:
        held = base64.b64decode(read_secret(CACHE_ENTRY) or "", validate=True)
    except binascii.Error:
        held = b""
    if len(held) == 32:
        return held
    fresh = os.urandom(32)
    return fresh if write_secret(CACHE_ENTRY, base64.b64encode(fresh).decode()) else None


def _sealed(cipher: AESGCM, key: str, value: Mapping[str, Any]) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + cipher.encrypt(nonce, json.dumps(value).encode(), key.encode())


def _unsealed(cipher: AESGCM, key: str, sealed: Any) -> dict[str, Any] | None:
    if not isinstance(sealed, bytes):
        raise TypeError("not bytes")
    value = json.loads(cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], key.encode()))
    return value if isinstance(value, dict) else None


def _fresh(value: Mapping[str, Any], kind: Kind) -> bool:
    """Judged by what was sealed, not by the row around it."""
    age = time.time() - float(value["stored"])
    return value["kind"] == kind and -60 <= age < min(LIFETIME[kind], LONGEST)


def _opened(folder: Path) -> Any:
    import diskcache

    open_cache: Callable[..., Any] = diskcache.Cache
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if not (database := folder / "cache.db").exists():
        os.close(os.open(database, os.O_CREAT | os.O_RDWR, 0o600))
    cache = open_cache(str(folder), timeout=2, disk=_sealed_disk(), size_limit=SIZE)
    for file in folder.glob("cache.db*"):
        file.chmod(0o600)
    return cache


def _sealed_disk() -> type:
    from diskcache import Disk
    from diskcache.core import MODE_RAW

    class SealedDisk(Disk):
        """Keys are text, values are bytes in the database; nothing else is written, and nothing else is read."""

        def put(self, key: Any) -> tuple[str, bool]:
            if not isinstance(key, str):
                raise TypeError("keys are hex digests")
            return key, True

        def get(self, key: Any, raw: Any) -> str:
            if not raw or not isinstance(key, str):
                raise ValueError("a key that we did not write")
            return key

        def store(self, value: Any, read: Any, key: Any = None) -> tuple[int, int, None, sqlite3.Binary]:
            if read or not isinstance(value, bytes):
                raise TypeError("values are bytes")
            return len(value), MODE_RAW, None, sqlite3.Binary(value)

        def fetch(self, mode: Any, filename: Any, value: Any, read: Any) -> bytes:
            if mode != MODE_RAW or filename is not None or read or not isinstance(value, bytes):
                raise ValueError("a value that we did not write")
            return value

        def remove(self, file_path: str) -> None:
            """We write no files: a row that names one was not written by us, and nothing is removed for it."""

    return SealedDisk


def _moved_aside(folder: Path) -> None:
    """Put a damaged cache out of the way, in place of one that was put there before."""
    import shutil

    aside = folder.with_name(f"{folder.name}-damaged")
    if aside.exists():
        shutil.rmtree(aside)
    if folder.exists():
        folder.replace(aside)
