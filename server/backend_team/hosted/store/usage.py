"""Usage: append-only events, and what they add up to in a month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import func, select

from backend_team.hosted.store.columns import now
from backend_team.hosted.store.tables import AiApiCall, UsageEvent

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

EXECUTION: Final = "template_execution"
AI_REQUEST: Final = "ai_request"


@dataclass(frozen=True, slots=True)
class Totals:
    """What an account used in a month."""

    template_executions: int
    ai_requests: int
    cache_hits: int
    ai_cost: Decimal


def month_start(moment: datetime | None = None) -> datetime:
    """The start of the calendar month (UTC) that plans count in."""
    return (moment or now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


async def record(session: AsyncSession, user_id: str, kind: str, reference: str) -> bool:
    """Append an event of now, once: whether it is new."""
    event_id = _event_id(user_id, kind, reference)
    if await session.get(UsageEvent, event_id):
        return False
    session.add(UsageEvent(id=event_id, user_id=user_id, kind=kind, reference=reference))
    await session.flush()
    return True


async def record_ai_calls(session: AsyncSession, user_id: str, calls: Sequence[AiApiCall]) -> int:
    """Take over calls of a ledger, each id once; how many were new.

    Only an answered request that was not from a cache is charged.
    """
    wanted = {call.id: call for call in calls}
    known = set(
        await session.scalars(select(AiApiCall.id).where(AiApiCall.user_id == user_id, AiApiCall.id.in_(wanted)))
    )
    fresh = [call for call_id, call in wanted.items() if call_id not in known]
    session.add_all(fresh)
    session.add_all(
        UsageEvent(
            id=_event_id(user_id, AI_REQUEST, call.id),
            user_id=user_id,
            kind=AI_REQUEST,
            reference=call.id,
            created_at=call.created_at,
        )
        for call in fresh
        if call.success and not call.cached
    )
    await session.flush()
    return len(fresh)


def _event_id(user_id: str, kind: str, reference: str) -> str:
    """The id of an event, made from what was used: a second one can't be written."""
    return str(uuid5(NAMESPACE_URL, f"{kind}:{user_id}:{reference}"))


async def charged(session: AsyncSession, user_id: str, kind: str, since: datetime) -> int:
    """How many events of a kind there are since a moment."""
    query = select(func.count()).where(
        UsageEvent.user_id == user_id, UsageEvent.kind == kind, UsageEvent.created_at >= since
    )
    return (await session.scalar(query)) or 0


async def totals(session: AsyncSession, user_id: str, since: datetime) -> Totals:
    """What the events since a moment add up to."""
    calls = (AiApiCall.user_id == user_id, AiApiCall.created_at >= since)
    hits = await session.scalar(select(func.count()).where(*calls, AiApiCall.cached))
    cost = await session.scalar(select(func.sum(AiApiCall.cost)).where(*calls))
    return Totals(
        template_executions=await charged(session, user_id, EXECUTION, since),
        ai_requests=await charged(session, user_id, AI_REQUEST, since),
        cache_hits=hits or 0,
        ai_cost=cost or Decimal(0),
    )
