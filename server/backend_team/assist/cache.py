"""Answers kept on disk, encrypted.

Values are AES-GCM ciphertext with their key as associated data, so a value can't be moved to another key. The
encryption key lives in the keyring of the operating system; without one the cache stays in memory, never a key beside
the data. Trouble of any kind is a miss.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import os
import threading
import time
from typing import TYPE_CHECKING, Any, Final, Literal

from backend_team.assist.keys import CACHE_ENTRY, read_secret, write_secret
from backend_team.workspace.disk_cache import DiskCache

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
        self._keyed = False
        self._disk = DiskCache(folder, SIZE)
        self._cipher: AESGCM | None = None
        self._memory: dict[str, tuple[float, Kind, dict[str, Any]]] = {}
        self._expired_at = 0.0

    def get(self, key: str, kind: Kind) -> dict[str, Any] | None:
        """The answer to a question, None when there is none that is fresh and whole."""
        with self._lock:
            cipher = self._unlocked()
            if cipher is None:
                return self._remembered(key, kind)
            sealed = self._disk.get(key)
            value = None if sealed is None else _unsealed(cipher, key, sealed)
            if value is None or not _fresh(value, kind):
                return None
            answer = value.get("answer")
            return answer if isinstance(answer, dict) else None

    def put(self, key: str, kind: Kind, answer: Mapping[str, Any]) -> None:
        """Keep an answer (plain JSON data) for the lifetime of its kind."""
        now = time.time()
        with self._lock:
            cipher = self._unlocked()
            if cipher is None:
                self._memory.pop(key, None)
                self._memory[key] = (now, kind, dict(answer))
                while len(self._memory) > IN_MEMORY:
                    del self._memory[next(iter(self._memory))]
                return
            sealed = _sealed(cipher, key, {"kind": kind, "stored": now, "answer": dict(answer)})
            self._disk.put({key: sealed}, min(LIFETIME[kind], LONGEST), tag=kind)
            if now - self._expired_at > EXPIRE_EVERY:
                self._expired_at = now
                self._disk.expire()

    def drop(self, key: str) -> None:
        """Forget an answer."""
        with self._lock:
            self._memory.pop(key, None)
            if self._unlocked() is not None:
                self._disk.delete(key)

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._disk.close()
            self._keyed = False

    @property
    def on_disk(self) -> bool:
        """Whether answers outlive this process."""
        with self._lock:
            return self._unlocked() is not None

    def _unlocked(self) -> AESGCM | None:
        """What seals the values on disk; None when there is no key or no disk: then memory has to do."""
        if not self._keyed:
            self._keyed = True
            key = self._read_key()
            if key is not None:
                from cryptography.hazmat.primitives.ciphers.aead import AESGCM

                self._cipher = AESGCM(key)
        return self._cipher if self._cipher is not None and self._disk.usable else None

    def _remembered(self, key: str, kind: Kind) -> dict[str, Any] | None:
        held = self._memory.get(key)
        if held is None or not _fresh({"kind": held[1], "stored": held[0]}, kind):
            return None
        return held[2]


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


def _unsealed(cipher: AESGCM, key: str, sealed: bytes) -> dict[str, Any] | None:
    """What was sealed; None when it was not sealed here, or for another question."""
    from cryptography.exceptions import InvalidTag

    try:
        value = json.loads(cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], key.encode()))
    except (InvalidTag, ValueError) as error:
        _log.info("an answer that can't be unsealed is taken as a miss: %s", type(error).__name__)
        return None
    return value if isinstance(value, dict) else None


def _fresh(value: Mapping[str, Any], kind: Kind) -> bool:
    """Judged by what was sealed, not by the row around it."""
    age = time.time() - float(value["stored"])
    return value["kind"] == kind and -60 <= age < min(LIFETIME[kind], LONGEST)
