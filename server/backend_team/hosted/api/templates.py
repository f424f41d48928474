"""Templates: list them, plan one, execute one."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, Field

from backend_team.hosted.api.access import AccountDep, ServiceDep
from backend_team.hosted.api.problem import refuse
from backend_team.hosted.service import Service
from backend_team.hosted.store import executions
from backend_team.templates.inputs import validate_inputs
from backend_team.templates.model import Template
from backend_team.templates.plan import plan

router = APIRouter(prefix="/v1/templates", tags=["templates"])


class Cost(BaseModel):
    """US dollars."""

    min: float
    max: float


class InputView(BaseModel):
    """One input to ask for."""

    key: str
    type: str
    label: str
    description: str
    optional: bool
    options: list[str]
    default: Any
    pattern: str | None


class TemplateView(BaseModel):
    """A template as it is offered."""

    id: str
    name: str
    version: str
    description: str
    category: str
    complexity: str
    estimated_time_minutes: float
    estimated_cost: Cost
    inputs: list[InputView]


class TemplateList(BaseModel):
    """The templates that fit the filters."""

    templates: list[TemplateView]
    total_count: int


class Configuration(BaseModel):
    """What was entered for the inputs of a template."""

    configuration: dict[str, Any]


class ExecutionRequest(Configuration):
    """An execution to start; `destination` is an empty or absent folder on this machine (embedded only)."""

    destination: Annotated[str | None, Field(max_length=4096)] = None


class PlannedStepView(BaseModel):
    """A step that would run; `skipped` says why it would not."""

    id: str
    name: str
    command: str
    depends_on: list[str]
    skipped: str | None


class PlanView(BaseModel):
    """What an execution would write, run and create, and what it would cost at most."""

    template: str
    files: list[str]
    steps: list[PlannedStepView]
    creates: list[str]
    estimated_cost: Cost


class ExecutionStarted(BaseModel):
    """Where to follow the execution."""

    execution_id: str
    estimated_completion: datetime
    progress_url: str


@router.get("")
async def list_templates(
    service: ServiceDep,
    account: AccountDep,
    category: str | None = None,
    complexity: Literal["beginner", "intermediate", "advanced"] | None = None,
    max_cost: Annotated[float | None, Query(ge=0, description="estimated_cost.max at most")] = None,
) -> TemplateList:
    """The templates of the catalogue."""
    found = [
        _view(template)
        for template in service.templates.values()
        if category in (None, template.category)
        and complexity in (None, template.complexity)
        and (max_cost is None or template.estimated_cost[1] <= max_cost)
    ]
    return TemplateList(templates=found, total_count=len(found))


@router.get("/{template_id}")
async def get_template(template_id: str, service: ServiceDep, account: AccountDep) -> TemplateView:
    """One template."""
    return _view(_template(service, template_id))


@router.post("/{template_id}/plan")
async def plan_template(template_id: str, body: Configuration, service: ServiceDep, account: AccountDep) -> PlanView:
    """What an execution would do; nothing runs."""
    planned = plan(_template(service, template_id), body.configuration)
    return PlanView(
        template=planned.template_id,
        files=list(planned.files),
        steps=[
            PlannedStepView(
                id=str(step.id),
                name=step.name,
                command=step.command,
                depends_on=[str(one) for one in step.depends_on],
                skipped=step.skipped,
            )
            for step in planned.steps
        ],
        creates=list(planned.creates),
        estimated_cost=Cost(min=planned.estimated_cost[0], max=planned.estimated_cost[1]),
    )


@router.post("/{template_id}/execute", status_code=202)
async def execute_template(
    template_id: str,
    body: ExecutionRequest,
    service: ServiceDep,
    account: AccountDep,
    idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
) -> ExecutionStarted:
    """Start an execution; the same Idempotency-Key with the same body is the same execution."""
    if not idempotency_key:
        raise refuse(
            400,
            "idempotency-key-missing",
            "the request has no Idempotency-Key",
            "send a new random key with each new execution, and the same one when you repeat a request",
        )
    template = _template(service, template_id)
    inputs = validate_inputs(template, body.configuration)
    request = executions.Request(
        template_id=template.id,
        template_version=template.version,
        configuration=inputs,
        destination=body.destination,
        minutes=template.estimated_time_minutes,
        steps=[(str(step.id), step.name) for step in template.steps],
    )
    digest = _digest(template_id, body)
    async with service.database.write() as session:
        execution, created = await executions.create(session, account.user_id, request, idempotency_key, digest)
        if created and body.destination is not None:
            _require_writable(service, Path(body.destination))
    # Also when it is not new: the process may have been killed between the two, and starting again changes nothing.
    if execution.status in executions.ACTIVE:
        await service.engine.submit(execution.id)
    return ExecutionStarted(
        execution_id=execution.id,
        estimated_completion=execution.estimated_completion,
        progress_url=f"/v1/executions/{execution.id}/logs?stream=true",
    )


def _template(service: Service, template_id: str) -> Template:
    template = service.templates.get(template_id)
    if template is None:
        known = ", ".join(service.templates) or "none"
        raise refuse(404, "not-found", f'there is no template "{template_id}"', f"templates: {known}")
    return template


def _digest(template_id: str, body: ExecutionRequest) -> str:
    text = json.dumps([template_id, body.model_dump(mode="json")], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _require_writable(service: Service, destination: Path) -> None:
    """Refuse a folder that can't be written to; raised within the transaction, so that nothing is kept."""
    if not service.hosting.embedded:
        raise refuse(422, "destination-refused", "a folder can be named only to an API on the same machine")
    if not destination.is_absolute():
        raise refuse(422, "destination-refused", f"{destination} is not an absolute path")
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise refuse(
            422, "destination-refused", f"{destination} is not an empty folder", "choose an empty or a new folder"
        )


def _view(template: Template) -> TemplateView:
    return TemplateView(
        id=template.id,
        name=template.name,
        version=template.version,
        description=template.description,
        category=template.category,
        complexity=template.complexity,
        estimated_time_minutes=template.estimated_time_minutes,
        estimated_cost=Cost(min=template.estimated_cost[0], max=template.estimated_cost[1]),
        inputs=[
            InputView(
                key=item.key,
                type=item.type,
                label=item.label,
                description=item.description,
                optional=item.optional,
                options=list(item.options),
                default=item.default,
                pattern=item.pattern,
            )
            for item in template.inputs
        ],
    )
