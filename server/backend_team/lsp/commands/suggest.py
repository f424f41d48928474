"""Suggest a Refactoring: what would be sent and its price, the request, and the accepted answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from backend_team.errors import AssistError, FileError, StaleError
from backend_team.lsp import convert, resolve, usage
from backend_team.lsp.commands.apply_action import apply
from backend_team.lsp.progress import progress

if TYPE_CHECKING:
    from decimal import Decimal

    from backend_team.assist.suggestion import SuggestionRequest
    from backend_team.lsp import protocol
    from backend_team.lsp.session import Session
    from backend_team.text import Edit, Source

KEPT: Final = 50  # suggestions of a session that can still be accepted


@dataclass(frozen=True, slots=True)
class Offered:
    """A suggestion that waits to be accepted, bound to the text it was made for."""

    uri: str
    source: Source
    edits: tuple[Edit, ...]


async def prepare(
    session: Session, params: protocol.SuggestionParams, _token: str | int | None
) -> protocol.SuggestionEstimate:
    """What a request would send, where, and what it can cost at most."""
    request = await _request(session, params)
    assist = await usage.assist(session)
    estimate = await asyncio.to_thread(assist.prepare, request)
    session.agreed[_question(request)] = estimate.maximum_cost
    return {
        "symbol": estimate.symbol,
        "provider": estimate.provider,
        "model": estimate.model,
        "host": estimate.host,
        "maximumCost": float(estimate.maximum_cost),
        "cached": estimate.cached,
        "redactions": estimate.redactions,
        "prompt": estimate.prompt,
        "spentToday": float(estimate.spent_today),
        "dailyCap": float(estimate.daily_cap),
    }


async def suggest(session: Session, params: protocol.SuggestionParams, token: str | int | None) -> protocol.Suggestion:
    """Ask; the answer has passed the checks. It never costs more than the estimate that was shown for the same text."""
    request = await _request(session, params)
    at_most: Decimal | None = session.agreed.pop(_question(request), None)
    async with progress(session, f"Refactoring {request.symbol}", token) as reports:
        assist = await usage.assist(session)
        try:
            found = await assist.suggest(request, reports.report, at_most)
        finally:
            usage.changed(session)
    session.suggestions[found.id] = Offered(params["uri"], request.source, found.edits)
    while len(session.suggestions) > KEPT:
        del session.suggestions[next(iter(session.suggestions))]
    return {
        "id": found.id,
        "uri": params["uri"],
        "version": params["version"],
        "symbol": found.symbol,
        "original": found.original,
        "suggested": found.suggested,
        "reason": found.reason,
        "provider": found.provider,
        "model": found.model,
        "cost": float(found.cost),
        "cached": found.cached,
        "checks": list(found.checks),
    }


async def accept(session: Session, params: protocol.SuggestionReference, _token: str | int | None) -> None:
    """Apply a suggestion; raises `StaleError` when its document's text is not the one it was made for."""
    offered = session.suggestions.get(params["id"])
    if offered is None:
        raise AssistError("this suggestion is not known any more", hint="ask again")
    snapshot = session.snapshot(offered.uri)
    if snapshot.source.text != offered.source.text:
        raise StaleError(
            "the document has changed since the suggestion was made; nothing was applied", hint="ask again"
        )
    edit = resolve.workspace_edit(session, snapshot, offered.edits)
    await apply(session, "Accept the suggested refactoring", edit)
    session.suggestions.pop(params["id"], None)


async def _request(session: Session, params: protocol.SuggestionParams) -> SuggestionRequest:
    snapshot = session.snapshot(params["uri"])
    snapshot.require(params["version"])
    place = snapshot.source.lines.offset(params["line"], params["character"], session.client.encoding)
    module = session.document(snapshot.uri).module
    function = module.function_at(place) if module is not None else None
    if function is None:
        raise AssistError("there is no function here", hint="put the cursor into the function to be refactored")
    path = convert.path_of(snapshot.uri)
    if path is None:
        raise FileError(
            "the document is not saved in a file", hint="ignore files can't be obeyed for it: save it first"
        )
    reason = next(
        (
            one.message
            for one in snapshot.report.findings
            if function.span.contains(one.span) and one.rule == "too-complex"
        ),
        f"{function.qualified_name} is to become easier to read",
    )
    kind = await asyncio.to_thread(_request_type)
    return kind(path, snapshot.folder.path, snapshot.source, function.span, function.qualified_name, reason)


def _request_type() -> type[SuggestionRequest]:
    from backend_team.assist.suggestion import SuggestionRequest

    return SuggestionRequest


def _question(request: SuggestionRequest) -> tuple[Any, ...]:
    return str(request.path), request.span, request.source.text
