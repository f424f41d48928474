"""Rate limits of a shared service: a bucket of requests per account, refilled evenly over the minute.

Counted in this process; on a person's own machine nobody is limited.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Final

MINUTE: Final = 60.0
FORGET_ABOVE: Final = 10_000  # accounts; those whose bucket is full again are forgotten first


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a request may pass, and what its account should know (draft-ietf-httpapi-ratelimit-headers-11)."""

    allowed: bool
    quota: int
    remaining: int
    reset: int
    retry_after: int

    @property
    def headers(self) -> dict[str, str]:
        """The header fields of the answer."""
        fields = {
            "RateLimit-Policy": f'"requests";q={self.quota};w={MINUTE:.0f}',
            "RateLimit": f'"requests";r={self.remaining};t={self.reset}',
        }
        return fields if self.allowed else {**fields, "Retry-After": str(self.retry_after)}


class Limits:
    """The buckets of all accounts."""

    def __init__(self) -> None:
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, account: str, per_minute: int, moment: float | None = None) -> Verdict:
        """Take one request out of an account's bucket."""
        now = time.monotonic() if moment is None else moment
        rate = per_minute / MINUTE
        left, since = self._buckets.get(account, (float(per_minute), now))
        left = min(per_minute, left + (now - since) * rate)
        allowed = left >= 1
        if allowed:
            left -= 1
        self._buckets[account] = (left, now)
        if len(self._buckets) > FORGET_ABOVE:
            self._forget(now)
        reset = math.ceil((per_minute - left) / rate)
        return Verdict(allowed, per_minute, int(left), reset, 0 if allowed else math.ceil((1 - left) / rate))

    def _forget(self, now: float) -> None:
        """Forget who asked nothing for a minute: their bucket is full, as a new one is."""
        self._buckets = {account: kept for account, kept in self._buckets.items() if now - kept[1] < MINUTE}
