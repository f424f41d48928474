"""What every provider adapter takes and gives: a question, the answer as it comes, and what went wrong."""

from __future__ import annotations

import logging
import os
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from backend_team.assist.prices import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_team.assist.prompt import Prompt
    from backend_team.assist.settings import Endpoint

CONNECT_SECONDS: Final = 5.0
SILENCE_SECONDS: Final = 60.0  # the longest pause inside an answer; reasoning models pause long
BYTES_A_TOKEN: Final = 3  # of code, rounded so that an estimate is rather too high

Kind = Literal["limited", "overloaded", "failed", "timeout", "unreachable", "cut", "denied", "refused"]
TRANSIENT: Final = frozenset({"limited", "overloaded", "failed", "timeout", "unreachable", "cut"})


class Trouble(Exception):
    """A call that brought no answer; `reset` is when the provider's limit ends, in seconds since 1970."""

    def __init__(
        self, kind: Kind, message: str, *, retry_after: float | None = None, reset: float | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retry_after = retry_after
        self.reset = reset

    @property
    def transient(self) -> bool:
        """Whether another try, or another provider, may do better."""
        return self.kind in TRANSIENT


@dataclass
class Exchange:
    """One call: the question, and the answer as far as it has come.

    `sent` turns true when the question may be on its way, `opened` when the provider has begun to answer, `complete`
    when it said that it is done; `tokens` is what it reported.
    """

    endpoint: Endpoint
    key: str
    model: str
    prompt: Prompt
    most_output: int
    on_text: Callable[[int], None]
    sent: bool = False
    opened: bool = False
    complete: bool = False
    tokens: Tokens | None = None
    parts: list[str] = field(default_factory=list)
    size: int = 0

    def add(self, text: str) -> None:
        """A piece of the answer has come."""
        self.parts.append(text)
        self.size += len(text.encode("utf-8", "surrogatepass"))
        self.on_text(self.size)

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self.parts)

    def billable(self, *, refused: bool) -> tuple[Tokens, bool]:
        """What to pay for, and whether that is our estimate: providers report the whole only at the very end.

        `refused`: the provider answered with an error, or was never reached.
        """
        reported = self.tokens if self.tokens is not None and self.tokens.possible else None
        if self.complete and reported is not None:
            return reported, False
        if not self.sent or (refused and not self.opened):
            return Tokens(), False
        seen = reported or Tokens()
        written = self.size // BYTES_A_TOKEN + 1 if self.size else 0
        asked = seen.input or self.prompt.size // BYTES_A_TOKEN + 1
        return Tokens(asked, max(seen.output, written), seen.cache_read, seen.cache_write), True


def status_trouble(provider: str, status: int, headers: Mapping[str, str], message: str) -> Trouble:
    """The trouble an HTTP status means; a limit carries when to come again."""
    retry_after, reset = _retry_after(headers)
    said = f"{provider} answered {status}" + (f": {message[:200]}" if message else "")
    if status == 429:
        return Trouble("limited", f"the limit of {provider} is reached", retry_after=retry_after, reset=reset)
    if status in {503, 529}:
        return Trouble("overloaded", f"{provider} is overloaded ({status})", retry_after=retry_after, reset=reset)
    if status in {401, 403}:
        return Trouble("denied", f"{provider} refused the key ({status})")
    if status in {408, 409} or status >= 500:
        return Trouble("failed", said, retry_after=retry_after, reset=reset)
    return Trouble("refused", said)


def too_long(exchange: Exchange, name: str) -> Trouble:
    """The trouble of an answer that needs more tokens than it was given."""
    return Trouble("refused", f"the answer of {name} is longer than the {exchange.most_output} tokens allowed for it")


def quiet() -> None:
    """Keep code and keys out of every log: the SDKs write whole requests at level DEBUG when a variable says so."""
    for name in ("anthropic", "openai", "httpx2", "httpcore2", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def http_client(exchange: Exchange, transport: Any) -> Any:
    """An HTTP client of `httpx2`, in place of the SDK's own, that goes to the endpoint's host and no other.

    A redirect is not followed: it would take the code to a host that nobody chose. A service on this machine is not
    looked for through a proxy.
    """
    return transport.AsyncClient(
        timeout=transport.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=not exchange.endpoint.loopback,
    )


def own_headers(exchange: Exchange, variable: str, omit: Any, *more: str) -> dict[str, Any]:
    """Headers that undo what an SDK takes from the environment by itself; `omit` is its mark for "leave this out".

    The key is always ours. Other headers of the variable, and `more`, are meant for the provider's own service, may
    hold credentials, and go nowhere else.
    """
    found = (line.partition(":")[0].strip() for line in os.environ.get(variable, "").split("\n") if ":" in line)
    names = [name for name in found if name]
    headers: dict[str, Any] = {name: omit for name in names if name.lower() == "x-api-key"}
    if not exchange.endpoint.official:
        headers |= dict.fromkeys([*names, *more], omit)
    bearer = f"Bearer {exchange.key}"
    own = {name: bearer for name in names if name.lower() == "authorization"}
    return headers | (own or {"Authorization": bearer})


def _retry_after(headers: Mapping[str, str]) -> tuple[float | None, float | None]:
    """Seconds to wait and the moment the limit ends, as far as the headers say."""
    now = time.time()
    wait: float | None = None
    value = headers.get("retry-after", "")
    try:
        wait = float(headers["retry-after-ms"]) / 1000 if "retry-after-ms" in headers else float(value)
    except ValueError:
        try:
            wait = parsedate_to_datetime(value).timestamp() - now
        except ValueError:
            wait = None
    if wait is None or not 0 <= wait < 31 * 86400:
        return None, None
    return wait, now + wait
