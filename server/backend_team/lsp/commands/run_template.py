"""Run Template: a durable execution, followed to its end; Cancel cancels it, a restart of anybody re-attaches."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

from backend_team.lsp import hosted_api, usage
from backend_team.lsp.progress import progress

if TYPE_CHECKING:
    from backend_team.client.api import ApiClient
    from backend_team.lsp import protocol
    from backend_team.lsp.progress import Progress
    from backend_team.lsp.session import Session


async def run(session: Session, params: protocol.RunTemplateParams, token: str | int | None) -> protocol.Execution:
    """Run a template, or re-attach to the run of the same key, and follow it."""
    key = params.get("idempotencyKey") or str(uuid.uuid4())
    async with (
        progress(session, f"Running {params['template']}", token) as reports,
        hosted_api.connected(session) as api,
    ):
        # A cancel while the request is on its way would leave a run that nobody follows: it is known first.
        starting = asyncio.ensure_future(
            api.execute(params["template"], params["configuration"], params.get("destination"), key)
        )
        try:
            started = await asyncio.shield(starting)
            await _follow(api, started["execution_id"], reports)
        except asyncio.CancelledError:
            started = await starting
            reports.report("cancelling")
            await api.cancel(started["execution_id"])
            await _follow(api, started["execution_id"], reports)
        finally:
            usage.changed(session)
        return _execution(await api.execution(started["execution_id"]))


async def _follow(api: ApiClient, execution: str, reports: Progress) -> None:
    names: dict[str, str] = {}
    step, percentage = "queued", 0
    async for event in api.follow(execution):
        if event.kind in ("status", "end"):
            names |= {one["id"]: one["name"] for one in event.data.get("steps") or ()}
            current = event.data.get("current_step")
            step = names.get(current, current) if current else step
            percentage = round(event.data.get("progress_percentage") or percentage)
            reports.report(step, percentage)
        elif event.kind == "log" and event.data.get("level") != "debug":
            reports.report(f"{step}: {_line(event.data)}", percentage)


def _line(row: dict[str, Any]) -> str:
    message = str(row.get("message") or "").strip()
    first = message.splitlines()[0] if message else ""
    return first if len(first) <= 100 else f"{first[:99]}…"


def _execution(row: dict[str, Any]) -> protocol.Execution:
    result = row.get("result") or {}
    return {
        "id": row["id"],
        "template": row["template_id"],
        "status": row["status"],
        "currentStep": row.get("current_step"),
        "progress": round(row.get("progress_percentage") or 0),
        "url": result.get("app_url"),
        "destination": result.get("destination"),
        "deployment": result.get("deployment_id"),
        "administrator": _administrator(result.get("admin_credentials")),
        "error": row.get("error_message"),
    }


def _administrator(credentials: Any) -> protocol.Administrator | None:
    if not isinstance(credentials, dict) or not credentials.get("password_file"):
        return None
    return {"email": str(credentials.get("email") or ""), "passwordFile": str(credentials["password_file"])}
