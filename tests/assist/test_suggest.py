"""Suggestions end to end: real SDKs, a provider on loopback, ledger and cache on disk."""

from __future__ import annotations

import ast
import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from backend_team.errors import AssistError, BudgetError, KeyMissingError, RejectedError
from backend_team.text import Source
from tests.assist.loopback import prepared_answers
from tests.assist.project import dollars, request_for, until

if TYPE_CHECKING:
    from tests.assist.loopback import Loopback
    from tests.assist.project import Desk

CHECKS = 7


async def test_a_suggestion_is_checked_priced_and_bound_to_its_text(desk: Desk, provider: Loopback) -> None:
    assist = desk.assist()
    request = desk.request()
    estimate = await asyncio.to_thread(assist.prepare, request)
    assert not provider.asked
    assert (estimate.provider, estimate.model, estimate.cached) == ("anthropic", "claude-sonnet-5-5", False)
    assert estimate.host == f"127.0.0.1:{provider.port}"

    suggestion = await desk.suggest(assist)

    (asked,) = provider.asked
    assert asked.headers["authorization"] == "Bearer key-of-claude"
    assert f"{asked.body['system']}\n\n{asked.body['messages'][0]['content']}" == estimate.prompt
    edited = request.source.edited(suggestion.edits).text
    assert prepared_answers()["price_order"] in edited
    assert suggestion.suggested == prepared_answers()["price_order"]
    assert suggestion.original == request.source.text[request.span.start : request.span.end]
    assert edited.startswith(request.source.text[: request.span.start])
    assert edited.endswith(request.source.text[request.span.end :])
    assert len(suggestion.checks) == CHECKS
    assert "from 20 to" in suggestion.checks[-1]
    assert suggestion.reason == "Tables took the place of chains of comparisons."
    assert 0 < suggestion.cost <= estimate.maximum_cost
    (row,) = desk.rows()
    assert (row["status"], dollars(row["cost"])) == ("succeeded", suggestion.cost)
    assert assist.ledger.cost_today() == suggestion.cost
    assert (row["estimated"], row["output_tokens"]) == (0, len(answer_text()) // 4 + 1)
    assert desk.progress[:2] == ["Preparing the question", "Asking claude-sonnet-5-5"]
    assert desk.progress[-1] == "Checking the answer"


def answer_text() -> str:
    """What the provider says."""
    code = prepared_answers()["price_order"]
    return f"```python\n{code}\n```\n\nTables took the place of chains of comparisons."


async def test_the_second_time_comes_from_the_cache_at_nothing(desk: Desk, provider: Loopback) -> None:
    assist = desk.assist()
    first = await desk.suggest(assist)
    estimate = await asyncio.to_thread(assist.prepare, desk.request())
    assert (estimate.cached, estimate.maximum_cost) == (True, 0)
    second = await assist.suggest(desk.request(), desk.progress.append, at_most=Decimal(0))
    assert (second.cached, second.cost, second.suggested) == (True, 0, first.suggested)
    assert (second.provider, second.model, second.reason) == (first.provider, first.model, first.reason)
    assert len(provider.asked) == 1
    assert desk.statuses() == ["succeeded", "cached"]
    await assist.aclose()
    assert (await desk.suggest(desk.assist())).cached  # another process finds it on disk


@pytest.mark.parametrize(
    ("change", "hit"),
    [
        (("if order.express:", "if  order.express :"), True),
        (("            # Pallets are cheaper to handle than single pieces.\n", ""), True),
        ((" " * 8 + "if order.express", " " * 8 + "# a new comment\n" + " " * 8 + "if order.express"), False),
        (('"4.90"', '"5.90"'), False),
        (("def price_order(order: Order)", "def price_order(order: Order, *, net: bool = False)"), False),
    ],
)
async def test_layout_hits_and_meaning_or_a_new_comment_misses(desk: Desk, change: tuple[str, str], hit: bool) -> None:
    assist = desk.assist()
    await desk.suggest(assist)
    text = desk.path.read_text()
    assert change[0] in text
    estimate = await asyncio.to_thread(assist.prepare, desk.request(text.replace(*change)))
    assert estimate.cached is hit


async def test_identical_requests_at_once_share_one_call(desk: Desk, provider: Loopback) -> None:
    assist = desk.assist()
    provider.fail({"delay": 2})  # the slowest of the three asks before the answer comes
    heard: list[str] = []
    suggestions = await asyncio.gather(
        desk.suggest(assist), desk.suggest(assist), assist.suggest(desk.request(), heard.append)
    )
    assert len({suggestion.id for suggestion in suggestions}) == 1
    assert "Checking the answer" in heard
    assert len(provider.asked) == 1
    assert desk.statuses() == ["succeeded"]


async def test_one_of_two_cancelled_leaves_the_call_to_the_other(desk: Desk, provider: Loopback) -> None:
    assist = desk.assist()
    provider.fail({"pace": 0.01})
    one, two = asyncio.ensure_future(desk.suggest(assist)), asyncio.ensure_future(desk.suggest(assist))
    await until(lambda: provider.asked)
    one.cancel()
    assert (await two).suggested
    assert len(provider.asked) == 1
    assert desk.statuses() == ["succeeded"]


async def test_cancelling_in_the_middle_closes_the_connection_and_bills_what_was_seen(
    desk: Desk, provider: Loopback
) -> None:
    assist = desk.assist()
    provider.fail({"pace": 0.3})
    task = asyncio.ensure_future(desk.suggest(assist))
    await until(lambda: any("is answering" in message for message in desk.progress))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: provider.asked[0].closed)
    (row,) = desk.rows()
    assert (row["status"], row["estimated"], row["trouble"]) == ("cancelled", 1, "cancelled")
    assert row["input_tokens"] > 500
    assert 0 < row["cost"] < row["reserved"]
    assert assist.ledger.cost_today() == dollars(row["cost"])


async def test_cancelling_before_the_question_left_costs_nothing(desk: Desk, provider: Loopback) -> None:
    assist = desk.assist()
    task = asyncio.ensure_future(desk.suggest(assist))
    await until(lambda: desk.progress)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not provider.asked
    assert all((row["status"], row["cost"]) == ("cancelled", 0) for row in desk.rows())


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        ("I would rather not.", "no blocks of code"),
        ("```python\ndef price_order(", "breaks off"),
        ("```python\ndef price_order(:\n```", "does not parse"),
        ("```python\nx = 1\n```", "not exactly one function"),
        ("```python\ndef price(order: Order) -> Decimal:\n    return CENT\n```", "renames price_order to price"),
        ("```python\ndef price_order(order):\n    return CENT\n```", "changes the parameters"),
    ],
)
async def test_a_bad_answer_is_tried_once_more_with_the_reason_and_both_are_billed(
    desk: Desk, provider: Loopback, answer: str, failed: str
) -> None:
    assist = desk.assist()
    provider.fail({"answer": answer})
    suggestion = await desk.suggest(assist)
    first, second = provider.asked
    assert failed in second.body["messages"][0]["content"]
    assert failed not in first.body["messages"][0]["content"]
    assert desk.statuses() == ["rejected", "succeeded"]
    assert suggestion.cost == sum(dollars(row["cost"]) for row in desk.rows())
    assert all(row["cost"] > 0 for row in desk.rows())


async def test_a_lost_comment_is_told_to_the_model_alone(desk: Desk, provider: Loopback) -> None:
    comment = "# Pallets are cheaper to handle than single pieces."
    provider.fail({"answer": answer_text().replace(f"    {comment}\n", "")})
    await desk.suggest(desk.assist())
    again = provider.asked[1].body["messages"][0]["content"]
    assert f"rejected: the answer lost a comment: {comment}" in again
    assert "Rejected: the answer lost a comment; trying once more" in desk.progress


@pytest.mark.parametrize("line_break", ["\r\n", "\r"])
async def test_a_method_in_a_file_with_other_line_breaks(desk: Desk, provider: Loopback, line_break: str) -> None:
    function = desk.path.read_text().split("\n\n\ndef price_order")[1].split("\n\n\ndef describe")[0]
    lines = f"def price_order{function}".replace("def price_order(order", "def price_order(self, order").split("\n")
    text = "\n".join(
        ["from shop.pricing import *", "", "class Desk:", *(f"    {line}".rstrip() for line in lines), ""]
    ).replace("\n", line_break)
    answer = provider.answers["price_order"]
    provider.answers["price_order"] = (
        answer.replace("(order", "(self, order", 1)
        .replace("\n    Raises", "\n        Raises")
        .replace('\n    """\n', '\n        """\n')
    )
    request = request_for(text, "Desk.price_order", desk.path, desk.root)
    suggestion = await desk.assist().suggest(request, desk.progress.append)
    assert "\r" not in provider.asked[0].body["messages"][0]["content"]
    edited = request.source.edited(suggestion.edits).text
    assert edited.replace(line_break, "").count("\n") == edited.replace(line_break, "").count("\r") == 0
    (method,) = ast.parse(edited).body[1].body
    assert ast.dump(method) == ast.dump(ast.parse(provider.answers["price_order"]).body[0])


async def test_a_second_bad_answer_is_an_error_and_nothing_is_kept(desk: Desk, provider: Loopback) -> None:
    assist = desk.assist()
    provider.fail({"answer": "no"}, {"answer": "```python\nx = 1\n```"})
    with pytest.raises(RejectedError, match="not exactly one function, at the second try too"):
        await desk.suggest(assist)
    assert desk.statuses() == ["rejected", "rejected"]
    assert not (await asyncio.to_thread(assist.prepare, desk.request())).cached


async def test_the_daily_cap_refuses_before_anything_is_sent(desk: Desk, provider: Loopback) -> None:
    assist = desk.assist(daily_cap="0.01")
    with pytest.raises(BudgetError, match=r"0\.00 USD of today's 0\.01 USD"):
        await desk.suggest(assist)
    assert not provider.asked
    assert desk.rows() == []


async def test_no_more_is_spent_than_was_agreed(desk: Desk, provider: Loopback) -> None:
    assist = desk.assist()
    with pytest.raises(BudgetError, match="ask again"):
        await assist.suggest(desk.request(), desk.progress.append, at_most=Decimal(0))
    one_try = (await asyncio.to_thread(assist.prepare, desk.request())).maximum_cost / 2 - Decimal("0.002")
    provider.fail({"answer": "no"})
    with pytest.raises(BudgetError, match="another try could pass"):
        await assist.suggest(desk.request(), desk.progress.append, at_most=one_try)
    assert desk.statuses() == ["rejected"]


async def test_without_a_key_the_ways_out_are_told(desk: Desk) -> None:
    del desk.environ["BACKEND_TEAM_ANTHROPIC_KEY"]
    with pytest.raises(KeyMissingError, match="backend-team ai login anthropic --base-url http://127") as caught:
        await asyncio.to_thread(desk.assist().prepare, desk.request())
    assert "BACKEND_TEAM_ANTHROPIC_KEY" in str(caught.value)


async def test_a_function_that_does_not_parse_is_told_before_anything_is_sent(desk: Desk, provider: Loopback) -> None:
    request = desk.request()
    broken = Source(str(desk.path), request.source.text.replace("if order.express:", "if order.express"), 2)
    with pytest.raises(AssistError, match="price_order does not parse at the moment"):
        await desk.assist().suggest(replace(request, source=broken), desk.progress.append)
    assert not provider.asked
