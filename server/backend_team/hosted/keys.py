"""API keys: `abt_`, 30 characters of base 62 at random, 6 of a checksum; a typo is refused without the database."""

from __future__ import annotations

import hashlib
import secrets
import zlib
from typing import Final

PREFIX: Final = "abt_"
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM: Final = 30  # log2(62) * 30 = 178 bits
CHECKSUM: Final = 6  # 62 ** 6 > 2 ** 32


def new_key() -> str:
    """A new key; shown once, kept nowhere."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return f"{PREFIX}{body}{_checksum(body)}"


def well_formed(key: str) -> bool:
    """Whether a text can be a key at all: prefix, alphabet, length and checksum are right."""
    body, checksum = key[len(PREFIX) : -CHECKSUM], key[-CHECKSUM:]
    return (
        key.startswith(PREFIX)
        and len(body) == RANDOM
        and all(char in ALPHABET for char in body)
        and checksum == _checksum(body)
    )


def key_hash(key: str) -> str:
    """What the store keeps of a key: its SHA-256 (178 random bits need no slow hash)."""
    return hashlib.sha256(key.encode()).hexdigest()


def _checksum(body: str) -> str:
    value = zlib.crc32(body.encode())
    digits = []
    for _ in range(CHECKSUM):
        value, digit = divmod(value, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))
