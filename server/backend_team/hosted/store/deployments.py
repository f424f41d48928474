"""Deployments: what was deployed for whom, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from backend_team.hosted.store.tables import Deployment, TemplateExecution

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

REMOVED: Final = "removed"
LIVE: Final = ("deploying", "running")
ADOPTED: Final = ("running", "stopped")  # what is still deploying belongs to the execution that deploys it


async def change(session: AsyncSession, deployment_id: str, status: str, reference: Mapping[str, Any]) -> None:
    """Write how a deployment stands; the first report of a new one enters it under its execution."""
    row = await session.get(Deployment, deployment_id)
    if row is not None:
        if row.status == REMOVED and status != REMOVED:
            return  # a late report of a process that was being removed
        row.status = status
        row.reference = {**row.reference, **reference}
        row.app_url = row.reference.get("url", row.app_url)
        return
    execution = await session.scalar(select(TemplateExecution).where(TemplateExecution.deployment_id == deployment_id))
    if execution is None:
        raise LookupError(f"deployment {deployment_id} belongs to no execution")
    session.add(
        Deployment(
            id=deployment_id,
            user_id=execution.user_id,
            execution_id=execution.id,
            template_id=execution.template_id,
            name=str(reference.get("name") or execution.execution_config.get("app_name") or execution.template_id),
            provider=str(reference.get("provider", "local")),
            status=status,
            app_url=reference.get("url"),
            reference=dict(reference),
        )
    )


async def find(session: AsyncSession, user_id: str, deployment_id: str) -> Deployment | None:
    """A deployment of an account, or None."""
    row = await session.get(Deployment, deployment_id)
    return row if row is not None and row.user_id == user_id else None


async def listed(session: AsyncSession, user_id: str) -> Sequence[Deployment]:
    """The deployments of an account that are not removed, newest first."""
    query = (
        select(Deployment)
        .where(Deployment.user_id == user_id, Deployment.status != REMOVED)
        .order_by(Deployment.created_at.desc(), Deployment.id)
    )
    return (await session.scalars(query)).all()


async def to_adopt(session: AsyncSession) -> Sequence[Deployment]:
    """Every deployment that a new process has to supervise; stopped ones stopped with the process before."""
    return (await session.scalars(select(Deployment).where(Deployment.status.in_(ADOPTED)))).all()


async def live_count(session: AsyncSession) -> int:
    """How many deployments run or are about to."""
    return (await session.scalar(select(func.count()).where(Deployment.status.in_(LIVE)))) or 0
