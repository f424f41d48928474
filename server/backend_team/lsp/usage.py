"""The usage meter: rows of the ledger are reported to the hosted API, whose numbers are then shown.

The API is never started only to show the meter. While none runs, what this machine's ledger knows is shown.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from backend_team.errors import AssistError, BackendTeamError
from backend_team.lsp import hosted_api, protocol
from backend_team.settings import state_folder

if TYPE_CHECKING:
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
    opened: Assist = service.Assist.open(overrides=overrides)
    return opened


async def first(session: Session) -> None:
    """After the start: the meter, when something was used on this machine already."""
    state = await asyncio.to_thread(state_folder)
    if (state / "ai" / "ledger.db").exists() or (state / "api" / "endpoint.json").exists():
        await _tell_if_known(session)


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
    today, cap = await _today(session)
    usage: protocol.Usage = {
        "plan": counted["plan"],
        "period": counted["period"],
        "templateExecutions": counted["template_executions"],
        "aiRequests": counted["ai_requests"],
        "cacheHits": counted["cache_hits"],
        "costToday": today,
        "dailyCap": cap,
    }
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
    ledger = await _ledger(session)
    if ledger is None:
        return
    month = datetime.now(UTC).strftime("%Y-%m")
    calls = [call for call in await asyncio.to_thread(ledger.calls) if call.created_at.strftime("%Y-%m") == month]
    today, cap = await _today(session)
    used = sum(1 for call in calls if call.success and not call.cached)
    usage: protocol.Usage = {
        "plan": "",
        "period": month,
        "templateExecutions": {"used": 0, "included": None},
        "aiRequests": {"used": used, "included": None},
        "cacheHits": sum(1 for call in calls if call.cached),
        "costToday": today,
        "dailyCap": cap,
    }
    session.wire.send(protocol.USAGE, usage)


async def _ledger(session: Session) -> Any:
    """The ledger of this machine; None when AI is not installed or its settings are wrong."""
    try:
        return (await assist(session)).ledger
    except BackendTeamError as error:
        logger.info("no ledger: %s", error.message)
        return None


async def _today(session: Session) -> tuple[float, float]:
    """Spent today and at most a day, in US dollars."""
    ledger = await _ledger(session)
    if ledger is None:
        return 0.0, 0.0
    return float(await asyncio.to_thread(ledger.cost_today)), float(ledger.cap)
