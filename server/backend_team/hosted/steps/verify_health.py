"""`verify_health`: ask the addresses of the success criteria until each answers as it must."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import httpx

from backend_team.errors import StepError
from backend_team.templates.values import resolve, results_of, scope_of

if TYPE_CHECKING:
    from backend_team.hosted.steps.context import StepContext
    from backend_team.templates.model import JSON, HealthCheck

SECONDS = 30.0
ASK_AGAIN = 0.2


async def verify_health(context: StepContext) -> dict[str, JSON]:
    """Check every address; one that does not answer rightly is asked again, `within_seconds` (30) in all.

    Raises `StepError` with its last answer.
    """
    template, outputs = context.template, context.outputs
    scope = {**scope_of(template, context.inputs, outputs), **results_of(template, context.inputs, outputs)}
    checks: list[JSON] = []
    seconds = context.parameters.get("within_seconds")
    deadline = time.monotonic() + (seconds if isinstance(seconds, (int, float)) else SECONDS)
    # No proxy of the surroundings: the addresses are the application's own.
    async with httpx.AsyncClient(trust_env=False, timeout=10.0) as client:
        for check in template.health_checks:
            url = str(resolve(check.url, scope))
            milliseconds = await _ask(client, url, check, deadline)
            context.log("info", f"{url} answers {check.expected_status} in {milliseconds} ms")
            checks.append({"url": url, "status": check.expected_status, "milliseconds": milliseconds})
    return {"checks": checks}


async def _ask(client: httpx.AsyncClient, url: str, check: HealthCheck, deadline: float) -> int:
    while True:
        began = time.monotonic()
        try:
            response = await client.get(url)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            answer = str(error) or type(error).__name__
        else:
            if response.status_code == check.expected_status:
                return round((time.monotonic() - began) * 1000)
            answer = str(response.status_code)
        if time.monotonic() > deadline:
            raise StepError(f"{url} answers {answer}, not {check.expected_status}")
        await asyncio.sleep(ASK_AGAIN)
