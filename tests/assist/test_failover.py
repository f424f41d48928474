"""Trying again, failing over, resting: end to end over both SDKs, with the rows it leaves in the ledger."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from backend_team.assist.failover import clock
from backend_team.errors import AssistError
from tests.assist.loopback import Loopback
from tests.assist.project import until

if TYPE_CHECKING:
    from tests.assist.project import Desk

CLAUDE, OPENAI = "/v1/messages", "/v1/chat/completions"


def paths(provider: Loopback) -> list[str]:
    """Who was asked, in order."""
    return [request.path for request in provider.asked]


@pytest.mark.parametrize(
    ("faults", "asked", "statuses"),
    [
        ([], [CLAUDE], ["succeeded"]),
        ([{"status": 500}], [CLAUDE, CLAUDE], ["failed", "succeeded"]),
        ([{"status": 529}], [CLAUDE, CLAUDE], ["failed", "succeeded"]),
        ([{"status": 500}] * 2, [CLAUDE, CLAUDE, OPENAI], ["failed", "failed", "succeeded"]),
        ([{"status": 529}] * 2, [CLAUDE, CLAUDE, OPENAI], ["failed", "failed", "succeeded"]),
        ([{"status": 429, "headers": {"retry-after": "0.2"}}], [CLAUDE, CLAUDE], ["failed", "succeeded"]),
        ([{"status": 429, "headers": {"retry-after": "60"}}], [CLAUDE, OPENAI], ["failed", "succeeded"]),
        ([{"cut": 8}], [CLAUDE, CLAUDE], ["failed", "succeeded"]),
        ([{"cut": 8}] * 2, [CLAUDE, CLAUDE, OPENAI], ["failed", "failed", "succeeded"]),
        ([{"error": "overloaded_error", "after": 8}], [CLAUDE, CLAUDE], ["failed", "succeeded"]),
        ([{"raw": "event: message_start\ndata: {no\n\n"}], [CLAUDE, CLAUDE], ["failed", "succeeded"]),
        (
            [{"raw": "event: message_start\ndata: [1]\n\n"}] * 2,
            [CLAUDE, CLAUDE, OPENAI],
            ["failed", "failed", "succeeded"],
        ),
        ([{"status": 401}], [CLAUDE, OPENAI], ["failed", "succeeded"]),
        ([{"status": 400}], [CLAUDE, OPENAI], ["failed", "succeeded"]),
        ([{"status": 500}] * 3, [CLAUDE, CLAUDE, OPENAI, OPENAI], ["failed", "failed", "failed", "succeeded"]),
    ],
)
async def test_the_next_try_or_the_next_provider_answers(
    desk: Desk, provider: Loopback, faults: list[dict[str, Any]], asked: list[str], statuses: list[str]
) -> None:
    provider.fail(*faults)
    suggestion = await desk.with_openai().suggest(desk.assist())
    assert paths(provider) == asked
    assert desk.statuses() == statuses
    assert suggestion.provider == ("anthropic" if asked[-1] == CLAUDE else "openai")
    assert suggestion.model == desk.rows()[-1]["model"]
    paid = [bool(row["cost"]) for row in desk.rows()]
    assert paid == [
        status == "succeeded" or not fault.keys().isdisjoint({"cut", "error", "raw"})
        for status, fault in zip(statuses, [*faults, {}], strict=True)
    ]
    keys = {CLAUDE: "Bearer key-of-claude", OPENAI: "Bearer key-of-openai"}
    assert all(request.headers["authorization"] == keys[request.path] for request in provider.asked)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (  # ten minutes from now may be tomorrow
            {"status": 429, "headers": {"retry-after": "600"}},
            r"the limit of Claude is reached until (\d{4}-\d\d-\d\d \d\d:\d\d|\d\d:\d\d:\d\d)\n",
        ),
        (
            {"status": 429, "headers": {"retry-after": "90000"}},
            r"the limit of Claude is reached until \d{4}-\d\d-\d\d \d\d:\d\d\n",
        ),
        ({"status": 401}, "Claude refused the key"),
        ({"status": 500}, "Claude answered 500: scripted 500"),
        ({"status": 529}, "Claude is overloaded"),
        ({"stop": "refusal"}, "Claude declined to answer"),
        ({"stop": "max_tokens"}, r"the answer of Claude is longer than the \d+ tokens"),
    ],
)
async def test_without_another_provider_the_error_says_what_was_wrong(
    desk: Desk, provider: Loopback, fault: dict[str, Any], message: str
) -> None:
    provider.fail(fault, fault)
    with pytest.raises(AssistError) as caught:
        await desk.suggest(desk.assist())
    assert re.search(f"no answer: {message}", str(caught.value))
    ways = [
        "add a second provider: backend-team ai login openai",
        "another key: backend-team ai login anthropic --base-url",
    ]
    assert ways[fault.get("status") == 401] in str(caught.value)
    assert set(desk.statuses()) == {"failed"}


def test_a_moment_of_another_day_is_said_with_its_date() -> None:
    late = datetime(2026, 11, 29, 23, 55, 30).timestamp()
    assert clock(late + 60, late) == "23:56:30"
    assert clock(late + 600, late) == "2026-11-30 00:05"


async def test_both_fail_and_both_are_told(desk: Desk, provider: Loopback) -> None:
    provider.fail(*[{"status": 529}] * 4)
    with pytest.raises(AssistError, match=r"no answer: Claude is overloaded \(529\); OpenAI is overloaded \(529\)"):
        await desk.with_openai().suggest(desk.assist())
    assert paths(provider) == [CLAUDE, CLAUDE, OPENAI, OPENAI]


async def test_a_provider_that_is_away_is_left_for_the_other(desk: Desk, provider: Loopback) -> None:
    desk.with_openai()
    async with Loopback() as away:
        desk.environ["BACKEND_TEAM_ANTHROPIC_BASE_URL"] = away.anthropic_url
    assist = desk.assist()
    assert (await desk.suggest(assist)).provider == "openai"
    assert paths(provider) == [OPENAI]
    assert any("asking openai" in message for message in desk.progress)
    assert [row["cost"] > 0 for row in desk.rows()] == [False, False, True]


async def test_an_endpoint_that_failed_rests(desk: Desk, provider: Loopback) -> None:
    assist = desk.with_openai().assist()
    provider.fail({"status": 429, "headers": {"retry-after": "600"}})
    await desk.suggest(assist)
    other = desk.path.read_text().replace('"4.90"', '"4.80"')
    provider.answers["price_order"] = provider.answers["price_order"].replace('"4.90"', '"4.80"')
    assert (await desk.suggest(assist, other)).provider == "openai"
    assert paths(provider) == [CLAUDE, OPENAI, OPENAI]  # Claude was not asked again before its limit ends


async def test_a_limit_is_waited_for_as_asked(desk: Desk, provider: Loopback) -> None:
    provider.fail({"status": 429, "headers": {"retry-after": "1"}})
    loop = asyncio.get_running_loop()
    started = loop.time()
    await desk.suggest(desk.assist())
    assert loop.time() - started >= 1
    assert "the limit of Claude is reached; trying again in 1 s" in desk.progress


async def test_the_deadline_ends_a_slow_answer(desk: Desk, provider: Loopback) -> None:
    assist = desk.assist()
    object.__setattr__(assist.settings, "deadline", 1.5)
    provider.fail({"pace": 0.2})
    with pytest.raises(AssistError, match="claude-sonnet-5-5 did not answer in time"):
        await desk.suggest(assist)
    (row,) = desk.rows()
    assert (row["status"], row["trouble"], row["estimated"]) == ("failed", "timeout", 1)
    assert row["cost"] > 0


async def test_the_deadline_holds_for_all_tries_together(desk: Desk, provider: Loopback) -> None:
    assist = desk.with_openai().assist()
    object.__setattr__(assist.settings, "deadline", 1.0)
    provider.fail({"delay": 3})
    with pytest.raises(AssistError, match="did not answer in time; the time for a suggestion is over"):
        await desk.suggest(assist)
    assert paths(provider) == [CLAUDE]


async def test_closing_the_assistant_ends_what_is_under_way(desk: Desk, provider: Loopback) -> None:
    assist = desk.assist()
    provider.fail({"pace": 0.2})
    task = asyncio.ensure_future(desk.suggest(assist))
    await until(lambda: provider.asked)
    await assist.aclose()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert desk.statuses() == ["cancelled"]


async def test_openai_first_when_it_is_preferred(desk: Desk, provider: Loopback) -> None:
    suggestion = await desk.with_openai().suggest(desk.assist(provider="openai", openai_model="gpt-6.1-terra"))
    assert (suggestion.provider, suggestion.model) == ("openai", "gpt-6.1-terra")
    assert paths(provider) == [OPENAI]


async def test_a_local_model_costs_nothing(desk: Desk, provider: Loopback) -> None:
    """A compatible server on this machine needs neither key nor price."""
    desk.environ = {}
    assist = desk.assist(provider="openai", openai_base_url=provider.openai_url, openai_model="qwen3-coder:30b")
    estimate = await asyncio.to_thread(assist.prepare, desk.request())
    assert (estimate.maximum_cost, estimate.model, estimate.cached) == (0, "qwen3-coder:30b", False)
    suggestion = await desk.suggest(assist)
    assert (suggestion.cost, suggestion.provider) == (0, "openai")
