"""The assistant: prepares, asks and checks one suggestion; the only module of `assist` that others need.

A request goes: the door out (ignore files, redaction) → cache → money reserved → provider, with failover → the answer
checked → ledger settled. The SDKs are imported when the first answer is asked for, never before.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from backend_team.assist.cache import AnswerCache
from backend_team.assist.calls import KIND, Calls, Purse, most_output
from backend_team.assist.failover import Candidate
from backend_team.assist.flights import Flights
from backend_team.assist.keys import find_key, missing_key
from backend_team.assist.ledger import Ledger
from backend_team.assist.outbound import Outgoing, outgoing
from backend_team.assist.prices import upper_bound
from backend_team.assist.prompt import read
from backend_team.assist.settings import AssistSettings
from backend_team.assist.suggestion import Estimate, Suggestion, SuggestionRequest
from backend_team.errors import AssistError, BudgetError, RejectedError, SettingsError
from backend_team.settings import DEFAULT, Settings, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import Self

    from backend_team.assist.checks import Checked
    from backend_team.rules.model import RuleSet

RULE: Final = "too-complex"
TRIES: Final = 2  # the second tells the model what failed
AGAIN_BYTES: Final = 1_024  # what the second prompt has more than the first, at most


class Assist:
    """AI suggestions with their ledger and cache; one for a process, used from one event loop.

    `prepare` may be called from any thread. Everything raises `AssistError` or one of its kinds.
    """

    def __init__(
        self, settings: AssistSettings, ledger: Ledger, cache: AnswerCache, environ: Mapping[str, str]
    ) -> None:
        self.settings = settings
        self.ledger = ledger
        self._cache = cache
        self._environ = environ
        self._calls = Calls(settings, ledger)
        self._flights: Flights[Suggestion] = Flights()
        self._rules: RuleSet | None = None

    @classmethod
    def open(
        cls,
        state: Path | None = None,
        environ: Mapping[str, str] = os.environ,
        overrides: Mapping[str, Any] | None = None,
    ) -> Self:
        """The assistant of a state folder; `overrides` are the editor's settings, see `AssistSettings.load`.

        Raises `SettingsError` for a setting that is not understood.
        """
        settings = AssistSettings.load(environ, overrides)
        folder = (state or state_folder()) / "ai"
        return cls(settings, Ledger(folder / "ledger.db", settings.daily_cap), AnswerCache(folder / "cache"), environ)

    def prepare(self, request: SuggestionRequest) -> Estimate:
        """What a request would send, and what it can cost at most; asks nobody. Call it in a thread: it reads files."""
        with _packages():
            sent = outgoing(request)
            candidates = self._candidates(sent)
            first = candidates[0]
            cached = self._replay(request, sent, first) is not None
            return Estimate(
                symbol=request.symbol,
                provider=first.endpoint.provider,
                model=first.model,
                host=first.endpoint.host,
                maximum_cost=Decimal(0) if cached else self._maximum(sent, candidates),
                cached=cached,
                redactions=len(sent.redaction.secrets),
                prompt=sent.prompt.text,
                spent_today=self.ledger.cost_today(),
                daily_cap=self.settings.daily_cap,
            )

    async def suggest(
        self, request: SuggestionRequest, on_progress: Callable[[str], None], at_most: Decimal | None = None
    ) -> Suggestion:
        """A checked refactoring; cancelling the task closes the connection and settles what was seen.

        All tries together never cost more than `maximum_cost` of the estimate, or `at_most` when it is less. Raises
        `RefusedError`, `KeyMissingError`, `BudgetError`, `RejectedError` or another `AssistError`.
        """
        on_progress("Preparing the question")
        with _packages():
            return await self._suggest(request, on_progress, at_most)

    async def aclose(self) -> None:
        """Cancel what is under way and let go of the files."""
        await self._flights.aclose()
        self._cache.close()

    async def _suggest(
        self, request: SuggestionRequest, on_progress: Callable[[str], None], at_most: Decimal | None
    ) -> Suggestion:
        started = time.monotonic()
        sent = await asyncio.to_thread(outgoing, request)
        candidates = await asyncio.to_thread(self._candidates, sent)
        replay = await asyncio.to_thread(self._replay, request, sent, candidates[0])
        if replay is not None:
            return await self._hit(request, sent, replay, started)
        maximum = await asyncio.to_thread(self._maximum, sent, candidates)
        if at_most is not None and at_most < maximum:
            if at_most == 0:
                raise BudgetError("the answer was to come from the cache, and is not there any more", hint="ask again")
            maximum = at_most
        purse = Purse(maximum)
        question = "\0".join((str(request.path), str(request.span), request.source.text, sent.digest))
        return await self._flights.share(
            hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest(),
            on_progress,
            lambda tell: self._ask(request, sent, candidates, purse, tell),
        )

    def _candidates(self, sent: Outgoing) -> list[Candidate]:
        lines = sent.code.count("\n") + 1
        found = [
            Candidate(endpoint, key, endpoint.model_for(lines))
            for endpoint in self.settings.endpoints
            if (key := find_key(endpoint, self._environ))
        ]
        if not found:
            raise missing_key(self.settings.endpoints[0])
        return found

    def _maximum(self, sent: Outgoing, candidates: list[Candidate]) -> Decimal:
        """The bound for all tries at the dearest candidate."""
        size, output = sent.prompt.size + AGAIN_BYTES, most_output(sent)
        return TRIES * max(upper_bound(self.settings, one.endpoint, one.model, size, output) for one in candidates)

    def _key(self, sent: Outgoing, candidate: Candidate) -> str:
        return sent.key(KIND, RULE, candidate.endpoint.provider, candidate.endpoint.host, candidate.model)

    def _replay(self, request: SuggestionRequest, sent: Outgoing, first: Candidate) -> _Replay | None:
        """The answer from the cache, checked against the function as it is now; what fails a check is a miss."""
        held = self._cache.get(self._key(sent, first), KIND)
        if held is None:
            return None
        try:
            return _Replay(held, self._checked(request, sent, str(held["code"])))
        except (RejectedError, KeyError):
            return None

    async def _hit(self, request: SuggestionRequest, sent: Outgoing, replay: _Replay, started: float) -> Suggestion:
        held = replay.held
        await asyncio.to_thread(
            self.ledger.hit,
            kind=KIND,
            provider=str(held["provider"]),
            model=str(held["model"]),
            host=str(held["host"]),
            sent=sent.digest,
            latency_ms=round((time.monotonic() - started) * 1000),
        )
        return _suggestion(request, replay.checked, held, Decimal(0), cached=True)

    async def _ask(
        self,
        request: SuggestionRequest,
        sent: Outgoing,
        candidates: list[Candidate],
        purse: Purse,
        on_progress: Callable[[str], None],
    ) -> Suggestion:
        deadline = asyncio.get_running_loop().time() + self.settings.deadline
        asked = sent
        for number in range(1, TRIES + 1):
            call, exchange = await self._calls.answer(candidates, asked, purse, deadline, on_progress)
            on_progress("Checking the answer")
            try:
                answer = read(exchange.text)
                checked = await asyncio.to_thread(self._checked, request, sent, answer.code)
            except RejectedError as error:
                await asyncio.to_thread(self.ledger.reject, call)
                if number == TRIES:
                    hint = "nothing was changed; ask again for another answer"
                    raise RejectedError(f"{error.message}, at the second try too", hint=hint) from None
                on_progress(f"Rejected: {error.message}; trying once more")
                asked = sent.again(f"{error.message}: {error.hint}" if error.hint else error.message)
                continue
            endpoint = exchange.endpoint
            held = {
                "code": answer.code,
                "reason": answer.reason,
                "provider": endpoint.provider,
                "model": exchange.model,
                "host": endpoint.host,
            }
            await asyncio.to_thread(self._cache.put, self._key(sent, candidates[0]), KIND, held)
            return _suggestion(request, checked, held, purse.spent, cached=False)
        raise AssertionError("unreachable: the last try returns or raises")

    def _checked(self, request: SuggestionRequest, sent: Outgoing, code: str) -> Checked:
        from backend_team.assist.checks import check

        code = sent.redaction.restored(code)
        return check(request.source, request.span, sent.code, code, self._rule_set(), _project(request))

    def _rule_set(self) -> RuleSet:
        if self._rules is None:
            from backend_team.rules.load import load_rules

            self._rules = load_rules()
        return self._rules


@dataclass(frozen=True, slots=True)
class _Replay:
    """An answer from the cache that passed the checks against the function as it is now."""

    held: Mapping[str, Any]
    checked: Checked


def _suggestion(
    request: SuggestionRequest, checked: Checked, held: Mapping[str, Any], spent: Decimal, *, cached: bool
) -> Suggestion:
    return Suggestion(
        id=str(uuid.uuid4()),
        path=request.path,
        version=request.source.version,
        symbol=request.symbol,
        original=request.source.text[request.span.start : request.span.end],
        suggested=checked.suggested,
        edits=checked.edits,
        reason=str(held["reason"]),
        provider=str(held["provider"]),
        model=str(held["model"]),
        cost=spent,
        cached=cached,
        checks=checked.passed,
    )


def _project(request: SuggestionRequest) -> Settings:
    """What the project chose; a settings file that is wrong is reported elsewhere."""
    try:
        return Settings.load(request.root or request.path.parent)
    except SettingsError:
        return DEFAULT


@contextmanager
def _packages() -> Iterator[None]:
    """Say what to install when a package of the AI part is missing."""
    try:
        yield
    except ImportError as error:
        if (error.name or "").startswith("backend_team"):
            raise
        hint = 'install it with: pip install "ai-backend-team[ai]"'
        raise AssistError(f"the package {error.name} is missing", hint=hint) from error
