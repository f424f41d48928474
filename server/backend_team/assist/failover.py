"""Tries of a call: one retry loop for all providers, a deadline, a breaker for each endpoint, and the next provider.

The SDKs' own retries are off. A limit that ends within ten seconds is waited for, as the provider asks; otherwise the
next provider takes over. An endpoint that failed three times in a row rests for half a minute, or until its limit ends.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar

from backend_team.assist.providers.exchange import Trouble
from backend_team.errors import AssistError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from backend_team.assist.settings import Endpoint

Answer = TypeVar("Answer")

LONGEST_WAIT: Final = 10.0
TRIES: Final = 2  # of one endpoint
FAILURES: Final = 3
REST: Final = 30.0
FIRST_PAUSE: Final = 0.4


@dataclass(frozen=True, slots=True)
class Candidate:
    """An endpoint that has a key, with the model to ask there."""

    endpoint: Endpoint
    key: str = field(repr=False)
    model: str = ""


@dataclass(slots=True)
class Breaker:
    """Whether an endpoint is worth a try now; `until` is when it is again, in seconds since 1970."""

    failures: int = 0
    until: float = 0.0

    @property
    def open(self) -> bool:
        """Whether to leave the endpoint alone."""
        return time.time() < self.until

    def succeeded(self) -> None:
        """It answered."""
        self.failures, self.until = 0, 0.0

    def failed(self, trouble: Trouble) -> None:
        """It did not; after the rest a single failure is enough to rest again."""
        self.failures += 1
        if trouble.reset is not None and (trouble.retry_after or 0) > LONGEST_WAIT:
            self.until = trouble.reset
        elif self.failures >= FAILURES:
            self.until = time.time() + REST


class Failover:
    """The breakers of this process, and the loop over candidates."""

    def __init__(self) -> None:
        self._breakers: dict[tuple[str, str], Breaker] = {}

    async def call(
        self,
        candidates: Sequence[Candidate],
        attempt: Callable[[Candidate], Awaitable[Answer]],
        deadline: float,
        on_progress: Callable[[str], None],
    ) -> Answer:
        """The first answer that a candidate gives; `deadline` in the loop's time.

        Raises `AssistError` when none does, saying of each what was wrong and when its limit ends.
        """
        troubles: list[str] = []
        denied: Endpoint | None = None
        for candidate in candidates:
            endpoint = candidate.endpoint
            breaker = self._breakers.setdefault((endpoint.provider, endpoint.host), Breaker())
            if breaker.open:
                troubles.append(f"{endpoint.provider} rests until {clock(breaker.until, time.time())} after failures")
                continue
            if asyncio.get_running_loop().time() >= deadline:
                troubles.append("the time for a suggestion is over")
                break
            if troubles:
                on_progress(f"{troubles[-1]}; asking {endpoint.provider}")
            try:
                return await self._tries(candidate, breaker, attempt, deadline, on_progress)
            except Trouble as trouble:
                troubles.append(_said(trouble))
                denied = endpoint if trouble.kind == "denied" else denied
        raise AssistError("no answer: " + "; ".join(troubles), hint=_way_out(candidates, denied))

    async def _tries(
        self,
        candidate: Candidate,
        breaker: Breaker,
        attempt: Callable[[Candidate], Awaitable[Answer]],
        deadline: float,
        on_progress: Callable[[str], None],
    ) -> Answer:
        loop = asyncio.get_running_loop()
        for number in range(1, TRIES + 1):
            try:
                answer = await attempt(candidate)
            except Trouble as trouble:
                if not trouble.transient:
                    raise
                breaker.failed(trouble)
                pause = _pause(trouble, number)
                if number == TRIES or breaker.open or pause > LONGEST_WAIT or loop.time() + pause >= deadline:
                    raise
                on_progress(f"{trouble.message}; trying again in {pause:.0f} s")
                await asyncio.sleep(pause)
            else:
                breaker.succeeded()
                return answer
        raise AssertionError("unreachable: the last try returns or raises")


def _pause(trouble: Trouble, number: int) -> float:
    if trouble.retry_after is not None:
        return trouble.retry_after
    return FIRST_PAUSE * float(2 ** (number - 1)) * random.uniform(0.75, 1.25)


def _said(trouble: Trouble) -> str:
    if trouble.reset is not None and (trouble.retry_after or 0) > LONGEST_WAIT:
        return f"{trouble.message} until {clock(trouble.reset, time.time())}"
    return trouble.message


def clock(moment: float, now: float) -> str:
    """`moment` as it is read at `now` (both in seconds since 1970): the time of day, with the date on another day."""
    then = datetime.fromtimestamp(moment).astimezone()
    far = then.date() != datetime.fromtimestamp(now).astimezone().date()
    return f"{then:%Y-%m-%d %H:%M}" if far else f"{then:%H:%M:%S}"


def _way_out(candidates: Sequence[Candidate], denied: Endpoint | None) -> str:
    if denied is not None:
        address = "" if denied.official else f" --base-url {denied.base_url}"
        return f"give another key: backend-team ai login {denied.provider}{address}"
    asked = {candidate.endpoint.provider for candidate in candidates}
    other = next((name for name in ("anthropic", "openai") if name not in asked), None)
    return f"try again later, or add a second provider: backend-team ai login {other}" if other else "try again later"
