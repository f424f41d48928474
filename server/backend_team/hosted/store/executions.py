"""Executions: created once per idempotency key, moved through their states, charged once when they complete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4, uuid5

from sqlalchemy import func, select, update

from backend_team.errors import ApiError
from backend_team.hosted.plans import plan_named
from backend_team.hosted.store import usage
from backend_team.hosted.store.columns import now
from backend_team.hosted.store.tables import ExecutionStep, TemplateExecution, User

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

ACTIVE: Final = ("queued", "running")
STEPS_OVER: Final = ("completed", "skipped")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked to run; `steps` are (id, name) in the order the template declares them."""

    template_id: str
    template_version: str
    configuration: Mapping[str, Any]
    destination: str | None
    minutes: float
    steps: Sequence[tuple[str, str]]


async def create(
    session: AsyncSession, user_id: str, request: Request, key: str, body_hash: str
) -> tuple[TemplateExecution, bool]:
    """Enter an execution, or find the one of the same key and body; whether it is new.

    Raises `ApiError`: 422 for the key of another body, 402 when the plan includes no more. The check reserves: what is
    queued or running counts as used until it fails.
    """
    plan_name = await session.scalar(select(User.plan).where(User.id == user_id).with_for_update())
    known = await session.scalar(
        select(TemplateExecution).where(TemplateExecution.user_id == user_id, TemplateExecution.idempotency_key == key)
    )
    if known is not None:
        if known.body_hash != body_hash:
            raise ApiError(
                "this Idempotency-Key was used for another request",
                status=422,
                type_="idempotency-key-reused",
                hint="send a new key with a new request",
            )
        return known, False
    await _require_included(session, user_id, plan_name or "")
    execution_id = str(uuid4())
    execution = TemplateExecution(
        id=execution_id,
        user_id=user_id,
        template_id=request.template_id,
        template_version=request.template_version,
        execution_config=dict(request.configuration),
        destination=request.destination,
        idempotency_key=key,
        body_hash=body_hash,
        deployment_id=str(uuid5(UUID(execution_id), "deploy_application")),
        estimated_completion=now() + timedelta(minutes=request.minutes),
    )
    session.add(execution)
    await session.flush()
    session.add_all(
        ExecutionStep(execution_id=execution_id, step_id=step_id, position=position, name=name)
        for position, (step_id, name) in enumerate(request.steps)
    )
    await session.flush()
    return execution, True


async def _require_included(session: AsyncSession, user_id: str, plan_name: str) -> None:
    plan = plan_named(plan_name)
    if plan.overage is not None:
        return
    charged = await usage.charged(session, user_id, usage.EXECUTION, usage.month_start())
    reserved = await session.scalar(
        select(func.count()).where(TemplateExecution.user_id == user_id, TemplateExecution.status.in_(ACTIVE))
    )
    if charged + (reserved or 0) >= plan.template_executions:
        raise ApiError(
            f"the plan {plan.name} includes {plan.template_executions} template executions a month; all are used",
            status=402,
            type_="plan-exhausted",
            hint="choose a larger plan, or wait for the next month; failed and cancelled executions are not counted",
        )


async def start(session: AsyncSession, execution_id: str) -> bool:
    """Move a queued execution to running; False when it has started before."""
    query = (
        update(TemplateExecution)
        .where(TemplateExecution.id == execution_id, TemplateExecution.status == "queued")
        .values(status="running", start_time=now())
        .returning(TemplateExecution.id)
    )
    return (await session.scalar(query)) is not None


async def complete(session: AsyncSession, execution_id: str, result: Mapping[str, Any]) -> bool:
    """Move an active execution to completed and charge it, in the session's transaction; False when it was over."""
    execution = await _active(session, execution_id)
    if execution is None:
        return False
    plan = plan_named(await session.scalar(select(User.plan).where(User.id == execution.user_id)) or "")
    used = await usage.charged(session, execution.user_id, usage.EXECUTION, usage.month_start())
    if await usage.record(session, execution.user_id, usage.EXECUTION, execution_id):
        execution.total_cost = plan.execution_price(used)
    execution.status = "completed"
    execution.result_data = dict(result)
    execution.end_time = now()
    return True


async def abandon(session: AsyncSession, execution_id: str, status: str, message: str) -> bool:
    """Move an active execution to failed or cancelled, uncharged; False when it was over."""
    execution = await _active(session, execution_id)
    if execution is None:
        return False
    execution.status = status
    execution.error_message = message
    execution.end_time = now()
    return True


async def _active(session: AsyncSession, execution_id: str) -> TemplateExecution | None:
    query = select(TemplateExecution).where(TemplateExecution.id == execution_id, TemplateExecution.status.in_(ACTIVE))
    return await session.scalar(query.with_for_update())


async def request_cancel(session: AsyncSession, execution_id: str) -> None:
    """Write that an execution is to be cancelled; whoever runs it obeys."""
    await session.execute(
        update(TemplateExecution).where(TemplateExecution.id == execution_id).values(cancel_requested=True)
    )


async def cancel_requested(session: AsyncSession, execution_ids: Sequence[str]) -> Sequence[str]:
    """Which of these executions are to be cancelled."""
    query = select(TemplateExecution.id).where(
        TemplateExecution.id.in_(execution_ids), TemplateExecution.cancel_requested
    )
    return (await session.scalars(query)).all()


async def begin_step(session: AsyncSession, execution_id: str, step_id: str) -> bool:
    """Move a step to running; False when it has completed before."""
    step = await session.get_one(ExecutionStep, (execution_id, step_id))
    if step.status == "completed":
        return False
    step.status = "running"
    step.attempts += 1
    step.started_at = now()
    return True


async def end_step(
    session: AsyncSession,
    execution_id: str,
    step_id: str,
    status: str,
    *,
    output: Mapping[str, Any] | None = None,
    input_hash: str | None = None,
    message: str | None = None,
) -> None:
    """Move a step to its end state."""
    step = await session.get_one(ExecutionStep, (execution_id, step_id))
    step.status = status
    step.output = dict(output) if output is not None else None
    step.input_hash = input_hash
    step.error_message = message
    step.ended_at = now()


async def end_other_steps(session: AsyncSession, execution_id: str) -> None:
    """Move what runs to cancelled and what waits to skipped."""
    for before, later in (("running", "cancelled"), ("pending", "skipped")):
        await session.execute(
            update(ExecutionStep)
            .where(ExecutionStep.execution_id == execution_id, ExecutionStep.status == before)
            .values(status=later, ended_at=now())
        )


async def outputs(session: AsyncSession, execution_id: str) -> dict[str, dict[str, Any]]:
    """The outputs of the completed steps by step."""
    query = select(ExecutionStep).where(ExecutionStep.execution_id == execution_id, ExecutionStep.status == "completed")
    return {step.step_id: step.output or {} for step in await session.scalars(query)}


async def find(session: AsyncSession, user_id: str, execution_id: str) -> TemplateExecution | None:
    """An execution of an account, or None."""
    row = await session.get(TemplateExecution, execution_id)
    return row if row is not None and row.user_id == user_id else None


async def listed(session: AsyncSession, user_id: str, limit: int) -> Sequence[TemplateExecution]:
    """The latest executions of an account."""
    query = (
        select(TemplateExecution)
        .where(TemplateExecution.user_id == user_id)
        .order_by(TemplateExecution.created_at.desc(), TemplateExecution.id)
        .limit(limit)
    )
    return (await session.scalars(query)).all()


async def active_ids(session: AsyncSession) -> Sequence[str]:
    """The executions that are not over."""
    return (await session.scalars(select(TemplateExecution.id).where(TemplateExecution.status.in_(ACTIVE)))).all()


async def view(session: AsyncSession, execution: TemplateExecution) -> dict[str, Any]:
    """An execution as clients see it."""
    steps = (
        await session.scalars(
            select(ExecutionStep).where(ExecutionStep.execution_id == execution.id).order_by(ExecutionStep.position)
        )
    ).all()
    over = sum(step.status in STEPS_OVER for step in steps)
    running = [step.name for step in steps if step.status == "running"]
    return {
        "id": execution.id,
        "template_id": execution.template_id,
        "status": execution.status,
        "progress_percentage": 100 if execution.status == "completed" else over * 100 // max(1, len(steps)),
        "current_step": ", ".join(running) or None,
        "steps": [
            {
                "id": step.step_id,
                "name": step.name,
                "status": step.status,
                "started_at": _text(step.started_at),
                "ended_at": _text(step.ended_at),
                "error_message": step.error_message,
            }
            for step in steps
        ],
        "result": execution.result_data,
        "error_message": execution.error_message,
        "cost_breakdown": {"template_execution": float(execution.total_cost), "total": float(execution.total_cost)},
        "created_at": _text(execution.created_at),
        "ended_at": _text(execution.end_time),
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
