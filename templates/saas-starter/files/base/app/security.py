"""Secrets: passwords, the cookies of logins, tokens of forms, and a brake on guessing."""

import hashlib
import hmac
import secrets
import time
from collections import deque

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError


class Passwords:
    """Hashes passwords with Argon2id and checks them."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._nobody = hasher.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def matches(self, password: str, hashed: str | None) -> bool:
        """Whether it is the password. Without an account it takes as long as with one."""
        try:
            self._hasher.verify(hashed or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None


class Brake:
    """Refuses a name for a while after too many failures."""

    def __init__(self, allowed: int = 10, seconds: float = 900.0) -> None:
        self._allowed = allowed
        self._seconds = seconds
        self._failures: dict[str, deque[float]] = {}

    def holds(self, name: str) -> bool:
        recent = self._failures.get(name, deque())
        while recent and recent[0] < time.monotonic() - self._seconds:
            recent.popleft()
        if not recent:
            self._failures.pop(name, None)
        return len(recent) >= self._allowed

    def failed(self, name: str) -> None:
        self._failures.setdefault(name, deque()).append(time.monotonic())

    def release(self, name: str) -> None:
        self._failures.pop(name, None)


def new_token(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token. It is random, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def form_token(secret_key: str, visitor: str) -> str:
    """The token of a visitor's forms: another site can neither read nor make it."""
    return hmac.new(secret_key.encode(), visitor.encode(), hashlib.sha256).hexdigest()
