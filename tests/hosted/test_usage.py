from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from backend_team.client.api import ApiClient


def call(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"call-{number}",
        "provider": "anthropic",
        "model": "some-model",
        "kind": "suggestion",
        "input_tokens": 1200,
        "output_tokens": 300,
        "cost": Decimal("0.0123"),
        "latency_ms": 900,
        "success": True,
        "cached": False,
        "created_at": datetime.now(UTC),
        **changes,
    }


async def test_a_ledger_is_taken_over_once(api: ApiClient, key: str) -> None:
    calls = [
        call(1),
        call(2, cost=Decimal("0.1")),
        call(3, cached=True, cost=Decimal(0)),
        call(4, success=False, cost=Decimal("0.0000015")),
        call(5, provider="openai", cost=0.2),
    ]
    async with ApiClient(api.url, key) as mine:
        assert await mine.report_ai_calls(calls[:3]) == 3
        assert await mine.report_ai_calls(calls) == 2
        assert await mine.report_ai_calls([*calls, calls[0]]) == 0
        usage = await mine.usage()
    assert usage["ai_requests"] == {"used": 3, "included": 1000}  # neither the cached nor the failed one
    assert usage["cache_hits"] == 1
    assert usage["ai_cost"] == 0.3123015
    assert usage["overage_cost"] == 0


async def test_ids_are_of_an_account(api: ApiClient, key: str) -> None:
    async with ApiClient(api.url, key) as mine:
        assert await mine.report_ai_calls([call(1)]) == 1
        assert await api.report_ai_calls([call(1)]) == 1
        assert await mine.report_ai_calls([]) == 0


async def test_a_long_ledger_is_handed_over_in_parts(api: ApiClient, key: str) -> None:
    async with ApiClient(api.url, key) as mine:
        assert await mine.report_ai_calls([call(number) for number in range(1_500)]) == 1_500
        assert (await mine.usage())["ai_requests"]["used"] == 1_500
