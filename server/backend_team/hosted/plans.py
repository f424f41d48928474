"""Plans: what an account includes, read from `plans.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from backend_team.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_PLAN: Final = "free"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan includes per calendar month; `overage` None: refused above, `ai_requests` None: unlimited."""

    name: str
    price: Decimal
    template_executions: int
    overage: Decimal | None
    ai_requests: int | None
    ai_requests_per_minute: int
    requests_per_minute: int

    def overage_cost(self, used: int) -> Decimal:
        """What the executions above the included ones cost."""
        return max(0, used - self.template_executions) * (self.overage or Decimal(0))

    def execution_price(self, used: int) -> Decimal:
        """What the next execution costs when `used` have been charged this month."""
        return (self.overage or Decimal(0)) if used >= self.template_executions else Decimal(0)


@cache
def plans() -> Mapping[str, Plan]:
    """All plans by name, cheapest first."""
    table: dict[str, dict[str, Any]] = tomllib.loads(files(__package__).joinpath("plans.toml").read_text("utf-8"))
    found = [
        Plan(
            name=name,
            price=Decimal(row["price"]),
            template_executions=row["template_executions"],
            overage=Decimal(row["overage"]) if "overage" in row else None,
            ai_requests=row.get("ai_requests"),
            ai_requests_per_minute=row["ai_requests_per_minute"],
            requests_per_minute=row["requests_per_minute"],
        )
        for name, row in table.items()
    ]
    return {plan.name: plan for plan in sorted(found, key=lambda plan: plan.price)}


def plan_named(name: str) -> Plan:
    """The plan of a name.

    Raises `ApiError` (422) for a name that is not in the table.
    """
    plan = plans().get(name)
    if plan is None:
        raise ApiError(f'unknown plan "{name}"', status=422, hint=f"one of: {', '.join(plans())}")
    return plan
