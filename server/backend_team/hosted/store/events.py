"""Events of an execution: numbered without gaps from 1, kept for as long as the execution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from backend_team.hosted.store.columns import now
from backend_team.hosted.store.tables import ExecutionEvent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

LOG: Final = "log"
STATUS: Final = "status"
END: Final = "end"
PAGE: Final = 500


async def append(session: AsyncSession, execution_id: str, events: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Add events (kind, data) in a session that writes; the transaction makes their numbers gapless."""
    last = await session.scalar(
        select(func.max(ExecutionEvent.sequence)).where(ExecutionEvent.execution_id == execution_id)
    )
    moment = now()
    session.add_all(
        ExecutionEvent(execution_id=execution_id, sequence=sequence, kind=kind, data=dict(data), created_at=moment)
        for sequence, (kind, data) in enumerate(events, (last or 0) + 1)
    )
    await session.flush()


async def after(session: AsyncSession, execution_id: str, sequence: int) -> Sequence[ExecutionEvent]:
    """The next events after a number, at most a page of them."""
    query = (
        select(ExecutionEvent)
        .where(ExecutionEvent.execution_id == execution_id, ExecutionEvent.sequence > sequence)
        .order_by(ExecutionEvent.sequence)
        .limit(PAGE)
    )
    return (await session.scalars(query)).all()


async def ended(session: AsyncSession, execution_id: str) -> bool:
    """Whether the final event is there."""
    query = select(ExecutionEvent.sequence).where(
        ExecutionEvent.execution_id == execution_id, ExecutionEvent.kind == END
    )
    return (await session.scalar(query)) is not None


async def logs(session: AsyncSession, execution_id: str) -> Sequence[ExecutionEvent]:
    """All log rows."""
    query = (
        select(ExecutionEvent)
        .where(ExecutionEvent.execution_id == execution_id, ExecutionEvent.kind == LOG)
        .order_by(ExecutionEvent.sequence)
    )
    return (await session.scalars(query)).all()


def payload(event: ExecutionEvent) -> dict[str, Any]:
    """What a client gets of an event: a log row carries its number, the others are the execution."""
    return {"sequence": event.sequence, **event.data} if event.kind == LOG else event.data
