"""Usage: what the month came to, and the AI requests that a client's ledger reports."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field

from backend_team.hosted.api.access import AccountDep, ServiceDep
from backend_team.hosted.plans import plan_named
from backend_team.hosted.store import usage
from backend_team.hosted.store.tables import AiApiCall

router = APIRouter(prefix="/v1/usage", tags=["usage"])

Name = Annotated[str, Field(min_length=1, max_length=100)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]  # what every database holds


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("the moment is out of range") from None


Moment = Annotated[datetime, AfterValidator(_in_utc)]


class Meter(BaseModel):
    """Used and included; None means unlimited."""

    used: int
    included: int | None


class UsageView(BaseModel):
    """The usage of a calendar month (UTC); money in US dollars."""

    plan: str
    period: str
    template_executions: Meter
    ai_requests: Meter
    cache_hits: int
    ai_cost: float
    overage_cost: float


class Call(BaseModel):
    """One AI request as a ledger holds it."""

    id: Annotated[str, Field(min_length=1, max_length=64)]
    provider: Annotated[str, Field(min_length=1, max_length=50)]
    model: Name
    kind: Annotated[str, Field(min_length=1, max_length=50)]
    input_tokens: Count
    output_tokens: Count
    cost: Annotated[Decimal, Field(ge=0, le=10_000)]
    latency_ms: Count
    success: bool
    cached: bool
    created_at: Moment


class Calls(BaseModel):
    """AI requests to take over; known ids are not counted again."""

    calls: Annotated[list[Call], Field(max_length=1_000)]


class Accepted(BaseModel):
    """How many were new."""

    accepted: int


@router.get("")
async def get_usage(service: ServiceDep, account: AccountDep) -> UsageView:
    """What the month came to so far."""
    plan = plan_named(account.plan)
    since = usage.month_start()
    async with service.database.read() as session:
        totals = await usage.totals(session, account.user_id, since)
    return UsageView(
        plan=plan.name,
        period=f"{since:%Y-%m}",
        template_executions=Meter(used=totals.template_executions, included=plan.template_executions),
        ai_requests=Meter(used=totals.ai_requests, included=plan.ai_requests),
        cache_hits=totals.cache_hits,
        ai_cost=float(totals.ai_cost),
        overage_cost=float(plan.overage_cost(totals.template_executions)),
    )


@router.post("/ai-calls")
async def report_ai_calls(body: Calls, service: ServiceDep, account: AccountDep) -> Accepted:
    """Take over AI requests; the same id again changes nothing."""
    rows = [
        AiApiCall(
            user_id=account.user_id,
            id=call.id,
            ai_provider=call.provider,
            model_name=call.model,
            kind=call.kind,
            input_tokens=call.input_tokens,
            output_tokens=call.output_tokens,
            cost=call.cost,
            latency_ms=call.latency_ms,
            success=call.success,
            cached=call.cached,
            created_at=call.created_at,
        )
        for call in body.calls
    ]
    async with service.database.write() as session:
        accepted = await usage.record_ai_calls(session, account.user_id, rows)
    return Accepted(accepted=accepted)
