"""Executions: how they stand, their logs as a list or as a stream that resumes, cancel."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from pydantic import BaseModel

from backend_team.hosted.api.access import AccountDep, ServiceDep
from backend_team.hosted.api.problem import refuse
from backend_team.hosted.service import Service
from backend_team.hosted.store import events, executions
from backend_team.hosted.store.accounts import Account
from backend_team.hosted.store.tables import TemplateExecution

router = APIRouter(prefix="/v1/executions", tags=["executions"])


class StepView(BaseModel):
    """A step as it stands: pending, running, completed, failed, skipped or cancelled."""

    id: str
    name: str
    status: str
    started_at: str | None
    ended_at: str | None
    error_message: str | None


class ExecutionView(BaseModel):
    """An execution as it stands: queued, running, completed, failed or cancelled."""

    id: str
    template_id: str
    status: str
    progress_percentage: int
    current_step: str | None
    steps: list[StepView]
    result: dict[str, Any] | None
    error_message: str | None
    cost_breakdown: dict[str, float]
    created_at: str
    ended_at: str | None


class ExecutionList(BaseModel):
    """The latest executions, newest first."""

    executions: list[ExecutionView]


class LogRow(BaseModel):
    """One line of a log."""

    sequence: int
    timestamp: str
    level: str
    step: str | None
    message: str


class Log(BaseModel):
    """The log so far."""

    logs: list[LogRow]


@router.get("")
async def list_executions(
    service: ServiceDep, account: AccountDep, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> ExecutionList:
    """The latest executions of the account."""
    async with service.database.read() as session:
        rows = await executions.listed(session, account.user_id, limit)
        views = [await executions.view(session, row) for row in rows]
    return ExecutionList(executions=[ExecutionView.model_validate(view) for view in views])


@router.get("/{execution_id}")
async def get_execution(execution_id: str, service: ServiceDep, account: AccountDep) -> ExecutionView:
    """One execution."""
    return await _view(service, account, execution_id)


@router.post("/{execution_id}/cancel", status_code=202)
async def cancel_execution(execution_id: str, service: ServiceDep, account: AccountDep) -> ExecutionView:
    """Cancel an execution: what runs is stopped, what was created is taken back, nothing is charged."""
    execution = await _find(service, account, execution_id)
    if execution.status in ("completed", "failed"):
        raise refuse(409, "not-cancellable", f"the execution has {execution.status}; there is nothing to cancel")
    if execution.status in executions.ACTIVE:
        await service.engine.cancel(execution_id)
    return await _view(service, account, execution_id)


@router.get(
    "/{execution_id}/logs",
    response_model=Log,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def get_logs(
    execution_id: str,
    service: ServiceDep,
    account: AccountDep,
    stream: bool = False,
    last_event_id: Annotated[int, Header(ge=0, le=2**31 - 1)] = 0,
) -> Log | Response:
    """The log; with `stream=true` its events as they come, after `Last-Event-ID`, until the execution is over."""
    await _find(service, account, execution_id)
    if stream:
        return EventSourceResponse(_stream(service, execution_id, last_event_id), headers={"Cache-Control": "no-store"})
    async with service.database.read() as session:
        rows = await events.logs(session, execution_id)
    return Log(logs=[LogRow.model_validate(events.payload(row)) for row in rows])


async def _stream(service: Service, execution_id: str, sequence: int) -> AsyncIterator[bytes]:
    yield KEEPALIVE_COMMENT  # sends the head at once
    async for event in service.events.follow(execution_id, sequence, service.heartbeat):
        if event is None:
            yield KEEPALIVE_COMMENT
        else:
            data = json.dumps(events.payload(event), ensure_ascii=False)
            yield format_sse_event(data_str=data, event=event.kind, id=str(event.sequence))


async def _find(service: Service, account: Account, execution_id: str) -> TemplateExecution:
    async with service.database.read() as session:
        execution = await executions.find(session, account.user_id, execution_id)
    if execution is None:
        raise refuse(404, "not-found", f'there is no execution "{execution_id}"', "GET /v1/executions lists yours")
    return execution


async def _view(service: Service, account: Account, execution_id: str) -> ExecutionView:
    async with service.database.read() as session:
        execution = await executions.find(session, account.user_id, execution_id)
        view = await executions.view(session, execution) if execution else None
    if view is None:
        raise refuse(404, "not-found", f'there is no execution "{execution_id}"', "GET /v1/executions lists yours")
    return ExecutionView.model_validate(view)
