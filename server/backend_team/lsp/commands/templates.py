"""List Templates and Plan: what can be run, and what a run would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backend_team.lsp import hosted_api

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.session import Session


async def list_templates(
    session: Session, _params: protocol.Empty, _token: str | int | None
) -> list[protocol.TemplateSummary]:
    """The templates of the hosted API."""
    async with hosted_api.connected(session) as api:
        return [_summary(row) for row in await api.templates()]


async def plan_template(
    session: Session, params: protocol.RunTemplateParams, _token: str | int | None
) -> protocol.TemplatePlan:
    """What a run with these inputs would do."""
    async with hosted_api.connected(session) as api:
        plan = await api.plan(params["template"], params["configuration"])
    template = plan["template"]
    return {
        "template": template["id"] if isinstance(template, dict) else template,
        "files": list(plan["files"]),
        "steps": [
            {"id": one["id"], "name": one["name"], "command": one["command"], "dependsOn": list(one["depends_on"])}
            for one in plan["steps"]
        ],
        "creates": list(plan["creates"]),
        "estimatedCost": _cost(plan["estimated_cost"]),
    }


def _summary(row: dict[str, Any]) -> protocol.TemplateSummary:
    return {
        "id": row["id"],
        "name": row["name"],
        "version": row["version"],
        "description": row["description"],
        "category": row["category"],
        "complexity": row["complexity"],
        "estimatedMinutes": round(row["estimated_time_minutes"]),
        "estimatedCost": _cost(row["estimated_cost"]),
        "inputs": [_input(one) for one in row["inputs"]],
    }


def _input(row: dict[str, Any]) -> protocol.TemplateInput:
    found: protocol.TemplateInput = {
        "key": row["key"],
        "type": row["type"],
        "label": row.get("label") or row["key"],
        "description": row.get("description") or "",
        "optional": bool(row.get("optional")),
        "options": [str(option) for option in row.get("options") or ()],
    }
    if row.get("default") is not None:
        found["default"] = row["default"]
    if row.get("pattern"):
        found["pattern"] = row["pattern"]
    return found


def _cost(cost: Any) -> float:
    """The most it can cost."""
    return float(cost["max"] if isinstance(cost, dict) else cost)
