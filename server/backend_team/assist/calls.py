"""One call to a provider: reserved in the ledger before, settled after, however it ends."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from backend_team.assist.failover import Failover
from backend_team.assist.prices import cost, upper_bound
from backend_team.assist.providers.exchange import Exchange, Trouble
from backend_team.errors import AssistError, BudgetError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backend_team.assist.failover import Candidate
    from backend_team.assist.ledger import Ledger
    from backend_team.assist.outbound import Outgoing
    from backend_team.assist.settings import AssistSettings

KIND: Final = "suggestion"
LEAST_OUTPUT: Final = 4_096  # room for reasoning before a short answer
MOST_OUTPUT: Final = 20_000  # tokens
NOTE_EVERY: Final = 1.0  # seconds between notes of a growing answer in the ledger


class Purse:
    """What one suggestion may cost with all its tries, and what it has cost so far."""

    def __init__(self, maximum: Decimal) -> None:
        self.maximum = maximum
        self.spent = Decimal(0)

    def check(self, bound: Decimal) -> None:
        """Raise `BudgetError` when another call could cost more than is left."""
        if self.spent + bound > self.maximum:
            raise BudgetError(
                f"another try could pass the {self.maximum:.4f} USD that the suggestion may cost",
                hint=f"{self.spent:.4f} USD are spent; ask again if you want to go on",
            )


class Calls:
    """Calls with their rows in the ledger; holds the breakers of all endpoints."""

    def __init__(self, settings: AssistSettings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self._failover = Failover()

    async def answer(
        self,
        candidates: Sequence[Candidate],
        sent: Outgoing,
        purse: Purse,
        deadline: float,
        on_progress: Callable[[str], None],
    ) -> tuple[str, Exchange]:
        """The first complete answer of a candidate, with the id of its row. Raises `AssistError`."""

        async def attempt(candidate: Candidate) -> tuple[str, Exchange]:
            return await self._attempt(candidate, sent, purse, deadline, on_progress)

        return await self._failover.call(candidates, attempt, deadline, on_progress)

    async def _attempt(
        self,
        candidate: Candidate,
        sent: Outgoing,
        purse: Purse,
        deadline: float,
        on_progress: Callable[[str], None],
    ) -> tuple[str, Exchange]:
        loop = asyncio.get_running_loop()
        started = noted = loop.time()

        def on_text(size: int) -> None:
            nonlocal noted
            if loop.time() - noted >= NOTE_EVERY:
                noted = loop.time()
                on_progress(f"{candidate.model} is answering: {size:,} bytes")
                loop.run_in_executor(None, self._note, call, exchange)

        exchange = Exchange(candidate.endpoint, candidate.key, candidate.model, sent.prompt, most_output(sent), on_text)
        call = await self._reserve(exchange, sent, purse, deadline - started)
        on_progress(f"Asking {candidate.model}")
        status, trouble = "failed", "interrupted"
        refused = False
        try:
            await _stream(exchange, deadline)
            status, trouble = "succeeded", ""
        except asyncio.CancelledError:
            status = trouble = "cancelled"
            raise
        except Trouble as error:
            trouble, refused = error.kind, error.kind != "timeout"
            raise
        finally:
            latency = round((loop.time() - started) * 1000)
            ending = asyncio.to_thread(self._settle, call, exchange, status, trouble, refused, latency)
            purse.spent += await asyncio.shield(asyncio.ensure_future(ending))
        return call, exchange

    async def _reserve(self, exchange: Exchange, sent: Outgoing, purse: Purse, seconds: float) -> str:
        bound = await asyncio.to_thread(
            upper_bound,
            self._settings,
            exchange.endpoint,
            exchange.model,
            exchange.prompt.size,
            exchange.most_output,
        )
        purse.check(bound)
        reserving = asyncio.ensure_future(
            asyncio.to_thread(
                self._ledger.reserve,
                kind=KIND,
                provider=exchange.endpoint.provider,
                model=exchange.model,
                host=exchange.endpoint.host,
                sent=sent.digest,
                maximum=bound,
                seconds=seconds,
            )
        )
        try:
            return await asyncio.shield(reserving)
        except asyncio.CancelledError:  # the thread goes on: its row must not stay behind as reserved
            with suppress(AssistError):
                call = await reserving
                await asyncio.to_thread(self._settle, call, exchange, "cancelled", "cancelled", True, 0)
            raise

    def _settle(
        self, call: str, exchange: Exchange, status: str, trouble: str, refused: bool, latency_ms: int
    ) -> Decimal:
        tokens, estimated = exchange.billable(refused=refused)
        paid = cost(self._settings, exchange.endpoint, exchange.model, tokens)
        self._ledger.settle(
            call, status, tokens, paid, latency_ms=latency_ms, estimated=estimated, trouble=trouble or None
        )
        return paid

    def _note(self, call: str, exchange: Exchange) -> None:
        tokens, _ = exchange.billable(refused=False)
        self._ledger.seen(call, tokens, cost(self._settings, exchange.endpoint, exchange.model, tokens))


def most_output(sent: Outgoing) -> int:
    """The tokens an answer may have: the function again, and room for reasoning."""
    return min(MOST_OUTPUT, LEAST_OUTPUT + len(sent.redaction.text.encode("utf-8", "surrogatepass")))


async def _stream(exchange: Exchange, deadline: float) -> None:
    if exchange.endpoint.provider == "anthropic":
        from backend_team.assist.providers.anthropic import stream
    else:
        from backend_team.assist.providers.openai import stream
    try:
        async with asyncio.timeout_at(deadline):
            await stream(exchange)
    except TimeoutError:
        raise Trouble("timeout", f"{exchange.model} did not answer in time") from None
    except (ValueError, TypeError, AttributeError, LookupError) as error:  # what the SDKs raise over such an answer
        raise Trouble("failed", f"the answer of {exchange.model} is not understood") from error
