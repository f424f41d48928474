"""Leases of the processes that run workflows: who is alive, and who may take over the work of the dead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from backend_team.hosted.store.columns import now
from backend_team.hosted.store.tables import Executor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from sqlalchemy.ext.asyncio import AsyncSession


async def join(session: AsyncSession, executor_id: str, lease: timedelta) -> None:
    """Enter a new executor."""
    session.add(Executor(id=executor_id, lease_until=now() + lease))


async def renew(session: AsyncSession, executor_id: str, lease: timedelta) -> bool:
    """Extend a lease; False when it was lost: another process has taken the work over."""
    query = update(Executor).where(Executor.id == executor_id).values(lease_until=now() + lease).returning(Executor.id)
    return (await session.scalar(query)) is not None


async def leave(session: AsyncSession, executor_id: str) -> None:
    """Take an executor out."""
    await session.execute(delete(Executor).where(Executor.id == executor_id))


async def others(session: AsyncSession, executor_id: str) -> Sequence[str]:
    """Every other executor, alive or not."""
    return (await session.scalars(select(Executor.id).where(Executor.id != executor_id))).all()


async def claim_dead(session: AsyncSession, executor_id: str, lease: timedelta) -> Sequence[str]:
    """The executors whose lease is over, claimed: no other process gets them before the lease given here is over.

    The claimer resumes their work and then takes them out with `leave`; when it dies in between, the next one does.
    """
    query = (
        update(Executor)
        .where(Executor.id != executor_id, Executor.lease_until < now())
        .values(lease_until=now() + lease)
        .returning(Executor.id)
    )
    return (await session.scalars(query)).all()
