"""Requests to the hosted API: one method per endpoint, errors with what to do, streams that survive a restart."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import quote
from uuid import uuid4

import httpx

from backend_team.client.events import Event, read_events
from backend_team.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
    from types import TracebackType

TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)
STREAM_TIMEOUT: Final = httpx.Timeout(60.0, connect=5.0)  # the API sends a heartbeat every 15 s
ATTEMPTS: Final = 3
PATIENCE: Final = 60.0  # seconds a stream may be away before following gives up
PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 5.0


def load_transport() -> None:
    """Load what httpx loads only with its first client and connection: call it in a thread, where no loop waits."""
    import anyio

    httpx.AsyncHTTPTransport(verify=False)
    anyio.run(anyio.sleep, 0)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an API listens, and the key to use there."""

    url: str
    key: str


class ApiClient:
    """A client of one API.

    `reconnect` gives the endpoint of an API that can't be reached any more, after starting it anew: the embedded one.
    Every request that changes something carries what makes its repetition harmless, so it may be sent again.
    """

    def __init__(self, base_url: str, key: str, reconnect: Callable[[], Awaitable[Endpoint]] | None = None) -> None:
        self._endpoint = Endpoint(base_url, key)
        self._reconnect = reconnect
        self._reconnecting = asyncio.Lock()
        # Proxies of the environment are not for loopback. Certificates are not read (30 ms) where there are none.
        embedded = reconnect is not None
        self._http = httpx.AsyncClient(timeout=TIMEOUT, trust_env=not embedded, verify=not embedded)

    @property
    def url(self) -> str:
        """Where the API listens now."""
        return self._endpoint.url

    async def __aenter__(self) -> Self:
        """The client itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections; an embedded API goes on."""
        await self._http.aclose()

    async def templates(
        self, *, category: str | None = None, complexity: str | None = None, max_cost: float | None = None
    ) -> list[dict[str, Any]]:
        """The templates that fit."""
        filters = {"category": category, "complexity": complexity, "max_cost": max_cost}
        answer = await self._ask("GET", "/v1/templates", params={k: v for k, v in filters.items() if v is not None})
        found: list[dict[str, Any]] = answer["templates"]
        return found

    async def template(self, template_id: str) -> dict[str, Any]:
        """One template."""
        return await self._ask("GET", f"/v1/templates/{_part(template_id)}")

    async def plan(self, template_id: str, configuration: Mapping[str, Any]) -> dict[str, Any]:
        """What an execution would do."""
        body = {"configuration": dict(configuration)}
        return await self._ask("POST", f"/v1/templates/{_part(template_id)}/plan", body=body)

    async def execute(
        self,
        template_id: str,
        configuration: Mapping[str, Any],
        destination: str | None = None,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Start an execution, or find the one of the same idempotency key."""
        body: dict[str, Any] = {"configuration": dict(configuration)}
        if destination is not None:
            body["destination"] = destination
        headers = {"Idempotency-Key": idempotency_key or str(uuid4())}
        return await self._ask("POST", f"/v1/templates/{_part(template_id)}/execute", body=body, headers=headers)

    async def execution(self, execution_id: str) -> dict[str, Any]:
        """An execution as it stands."""
        return await self._ask("GET", f"/v1/executions/{_part(execution_id)}")

    async def executions(self, limit: int = 20) -> list[dict[str, Any]]:
        """The latest executions."""
        found: list[dict[str, Any]] = (await self._ask("GET", "/v1/executions", params={"limit": limit}))["executions"]
        return found

    async def cancel(self, execution_id: str) -> dict[str, Any]:
        """Ask for an execution to be cancelled."""
        return await self._ask("POST", f"/v1/executions/{_part(execution_id)}/cancel")

    async def logs(self, execution_id: str) -> list[dict[str, Any]]:
        """The log of an execution so far."""
        found: list[dict[str, Any]] = (await self._ask("GET", f"/v1/executions/{_part(execution_id)}/logs"))["logs"]
        return found

    async def follow(self, execution_id: str, after: int = 0) -> AsyncIterator[Event]:
        """The events of an execution from the start (or after a sequence) to its end, each once, in order.

        A cut stream is taken up where it was, also when the embedded API was killed and has to be started again.
        Raises `ApiError` when that doesn't succeed for a minute.
        """
        path = f"/v1/executions/{_part(execution_id)}/logs"
        last, heard, pause = after, time.monotonic(), PAUSE
        while True:
            endpoint = self._endpoint
            try:
                async for event in self._stream(endpoint, path, last):
                    yield event
                    last, heard, pause = event.sequence, time.monotonic(), PAUSE
                    if event.kind == "end":
                        return
            except (httpx.TransportError, ApiError) as error:
                # An API that is starting or ending is waited for; a refusal is final, unless the key was renewed.
                status = error.status if isinstance(error, ApiError) else None
                if status is not None and status < 500 and not (status == 401 and await self._renewed(endpoint)):
                    raise
                if time.monotonic() - heard > PATIENCE:
                    raise _unreachable(self.url, error) from error
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def deployments(self) -> list[dict[str, Any]]:
        """The deployments that are not removed."""
        found: list[dict[str, Any]] = (await self._ask("GET", "/v1/deployments"))["deployments"]
        return found

    async def deployment(self, deployment_id: str) -> dict[str, Any]:
        """One deployment."""
        return await self._ask("GET", f"/v1/deployments/{_part(deployment_id)}")

    async def remove_deployment(self, deployment_id: str) -> None:
        """Stop and remove a deployment."""
        await self._ask("DELETE", f"/v1/deployments/{_part(deployment_id)}", patience=httpx.Timeout(120.0, connect=5.0))

    async def usage(self) -> dict[str, Any]:
        """The usage of the month."""
        return await self._ask("GET", "/v1/usage")

    async def report_ai_calls(self, calls: Iterable[Mapping[str, Any]]) -> int:
        """Hand over calls of the ledger; how many were new. Costs may be `Decimal`, moments `datetime`."""
        accepted = 0
        rows = [dict(call) for call in calls]
        for start in range(0, len(rows), 1_000):
            body = {"calls": rows[start : start + 1_000]}
            accepted += int((await self._ask("POST", "/v1/usage/ai-calls", body=body))["accepted"])
        return accepted

    async def health(self) -> dict[str, Any]:
        """That the API lives, its version and process."""
        return await self._ask("GET", "/health")

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        patience: httpx.Timeout = TIMEOUT,
    ) -> dict[str, Any]:
        content = json.dumps(body, default=_json).encode() if body is not None else None
        extra = {"Content-Type": "application/json"} if content is not None else {}
        for attempt in range(1, ATTEMPTS + 1):
            endpoint = self._endpoint
            try:
                response = await self._http.request(
                    method,
                    endpoint.url + path,
                    params=params,
                    content=content,
                    headers={"X-API-Key": endpoint.key, **extra, **(headers or {})},
                    timeout=patience,
                )
            except httpx.TransportError as error:
                if attempt == ATTEMPTS or isinstance(error, httpx.ReadTimeout):
                    raise _unreachable(endpoint.url, error) from error
                await self._renewed(endpoint)
                continue
            if response.status_code == 401 and attempt < ATTEMPTS and await self._renewed(endpoint):
                continue
            return _answer(response)
        raise AssertionError("unreachable")

    async def _stream(self, endpoint: Endpoint, path: str, last: int) -> AsyncIterator[Event]:
        headers = {"X-API-Key": endpoint.key, "Accept": "text/event-stream", "Last-Event-ID": str(last)}
        request = self._http.build_request(
            "GET", endpoint.url + path, params={"stream": "true"}, headers=headers, timeout=STREAM_TIMEOUT
        )
        try:
            response = await self._http.send(request, stream=True)
        except httpx.TransportError:
            await self._renewed(endpoint)
            return
        try:
            if response.status_code != 200:
                await response.aread()
                _answer(response)
            async for event in read_events(response.aiter_lines()):
                if event.sequence > last:
                    yield event
        finally:
            await response.aclose()

    async def _renewed(self, failed: Endpoint) -> bool:
        """Find, or start, the API anew, once for all requests that failed; whether it is another endpoint now."""
        if self._reconnect is None:
            await asyncio.sleep(PAUSE)
            return False
        async with self._reconnecting:
            if self._endpoint == failed:
                self._endpoint = await self._reconnect()
        return self._endpoint != failed


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.is_success:
        found: dict[str, Any] = response.json() if response.content else {}
        return found
    try:
        body = response.json()
    except ValueError:
        body = {}
    if not isinstance(body, dict):
        body = {}
    message = body.get("detail") or body.get("title") or f"{response.request.url.path}: {response.status_code}"
    kind = body.get("type")
    raise ApiError(
        str(message),
        status=response.status_code,
        type_=str(kind).rpartition(":")[2] if kind else None,
        hint=body.get("hint"),
    )


def _unreachable(url: str, error: Exception) -> ApiError:
    return ApiError(
        f"the hosted API at {url} can't be reached: {str(error) or type(error).__name__}",
        hint="backend-team api status tells whether it runs",
    )


def _part(name: str) -> str:
    """A name as one part of a path."""
    return quote(name, safe="")


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} can't be sent")
