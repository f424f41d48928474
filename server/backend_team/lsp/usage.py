"""The usage meter: rows of the ledger are reported to the hosted API, whose numbers are then shown.

The API is never started only to show the meter. While none runs, what this machine's ledger knows is shown.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import backend_team.settings
from backend_team.errors import AssistError, BackendTeamError, FileError
from backend_team.lsp import hosted_api, protocol

if TYPE_CHECKING:
    from backend_team.assist.ledger import Ledger
    from backend_team.assist.service import Assist
    from backend_team.client.api import ApiClient
    from backend_team.lsp.session import Session

logger = logging.getLogger(__name__)


async def assist(session: Session) -> Assist:
    """The assistant under the settings as they are now; raises `AssistError` when its packages are missing."""
    async with session.assist_lock:
        if session.assist is not None and session.assist_options == session.options.ai:
            return session.assist
        before, session.assist = session.assist, None
        if before is not None:
            await before.aclose()
        chosen = dict(session.options.ai)
        session.assist = await asyncio.to_thread(_open, chosen)
        session.assist_options = chosen
        return session.assist


def _open(overrides: dict[str, Any]) -> Assist:
    try:
        service = importlib.import_module("backend_team.assist.service")
    except ModuleNotFoundError as error:
        hint = "install it with: pip install 'ai-backend-team[ai]'"
        raise AssistError(f"the package {error.name} is missing", hint=hint) from error
    hosted_api.usable_state()
    opened: Assist = service.Assist.open(overrides=overrides)
    return opened


async def first(session: Session) -> None:
    """After the start: the meter, when something was used on this machine already."""
    try:
        was_used = await asyncio.to_thread(_was_used)
    except FileError as error:
        logger.warning("%s", error.message)
        session.wire.show(error.render(), session.wire.WARNING)
        return
    if was_used:
        await _tell_if_known(session)


def _was_used() -> bool:
    state = hosted_api.usable_state()
    return any(os.path.exists(state.joinpath(*names)) for names in (("ai", "ledger.db"), ("api", "endpoint.json")))  # noqa: PTH110


def changed(session: Session) -> None:
    """After something was used: report it and show the meter, in the background."""
    session.wire.later(_tell_if_known(session), "the usage meter")


async def tell(session: Session, api: ApiClient) -> protocol.Usage:
    """Report what the API does not know yet, and send the notification."""
    ledger = await _ledger(session)
    if ledger is not None:
        rows = await asyncio.to_thread(ledger.unreported)
        if rows:
            await api.report_ai_calls([row.as_report() for row in rows])
            await asyncio.to_thread(ledger.mark_reported, [row.id for row in rows])
    counted = await api.usage()
    today, cap = await _today(ledger)
    usage: protocol.Usage = {
        "plan": counted["plan"],
        "period": counted["period"],
        "templateExecutions": counted["template_executions"],
        "aiRequests": counted["ai_requests"],
        "cacheHits": counted["cache_hits"],
        "costToday": today,
        "dailyCap": cap,
    }
    session.usage = usage
    session.wire.send(protocol.USAGE, usage)
    return usage


async def _tell_if_known(session: Session) -> None:
    """Through the API when it runs, from the ledger otherwise."""
    try:
        embedded = await hosted_api.library()
        if await embedded.status() is not None:
            async with hosted_api.connected(session) as api:
                await tell(session, api)
                return
    except BackendTeamError as error:
        logger.warning("the usage could not be reported: %s", error.message)
    await _tell_from_ledger(session)


async def _tell_from_ledger(session: Session) -> None:
    """What the API said last, and what the ledger has had since; nothing when only the API could know."""
    ledger = await _ledger(session)
    before = session.usage or await asyncio.to_thread(_unused)
    if ledger is None or before is None:
        return
    period = datetime.now(UTC).strftime("%Y-%m")
    fresh = [call for call in await asyncio.to_thread(ledger.unreported) if f"{call.created_at:%Y-%m}" == period]
    today, cap = await _today(ledger)
    requests = before["aiRequests"]
    usage: protocol.Usage = {
        **before,
        "aiRequests": {
            "used": requests["used"] + sum(1 for call in fresh if call.success and not call.cached),
            "included": requests["included"],
        },
        "cacheHits": before["cacheHits"] + sum(1 for call in fresh if call.cached),
        "costToday": today,
        "dailyCap": cap,
    }
    session.wire.send(protocol.USAGE, usage)


def _unused() -> protocol.Usage | None:
    """The free plan with nothing used, on a machine where no API ever ran."""
    if os.path.exists(hosted_api.usable_state() / "api"):  # noqa: PTH110
        return None
    with (Path(backend_team.settings.__file__).parents[1] / "hosted" / "plans.toml").open("rb") as file:
        plan = tomllib.load(file)["free"]
    return {
        "plan": "free",
        "period": datetime.now(UTC).strftime("%Y-%m"),
        "templateExecutions": {"used": 0, "included": plan.get("template_executions")},
        "aiRequests": {"used": 0, "included": plan.get("ai_requests")},
        "cacheHits": 0,
        "costToday": 0.0,
        "dailyCap": 0.0,
    }


async def _ledger(session: Session) -> Ledger | None:
    """The ledger of this machine; None when AI is not installed or its settings are wrong."""
    try:
        return (await assist(session)).ledger
    except BackendTeamError as error:
        logger.info("no ledger: %s", error.message)
        return None


async def _today(ledger: Ledger | None) -> tuple[float, float]:
    """Spent today and at most a day, in US dollars."""
    return (float(await asyncio.to_thread(ledger.cost_today)), float(ledger.cap)) if ledger is not None else (0.0, 0.0)
