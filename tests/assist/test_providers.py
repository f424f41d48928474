"""The adapters over the real SDKs, one call at a time, against the loopback provider."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from backend_team.assist.prices import Tokens
from backend_team.assist.prompt import Prompt
from backend_team.assist.providers import anthropic, openai
from backend_team.assist.providers.exchange import Exchange, Trouble
from backend_team.assist.settings import Endpoint
from tests.assist.loopback import Loopback
from tests.assist.project import until
from tests.assist.wire import tokens

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PROMPT = Prompt("You refactor.", "Refactor this.\n\n```python\ndef secret_plan():\n    return 1\n```")
ANSWER = "```python\ndef secret_plan():\n    return 2\n```\n\n" + "It is different now. " * 20


@dataclass(frozen=True)
class Way:
    """One way to ask."""

    name: str
    path: str
    stream: Callable[[Exchange], Awaitable[None]]
    too_long: str
    official: bool = False

    def exchange(self, provider: Loopback, key: str = "the-key") -> Exchange:
        """A question for the provider."""
        openai_like = self.stream is openai.stream
        base_url = provider.openai_url if openai_like else provider.anthropic_url
        model = "gpt-6.1-sol" if openai_like else "claude-sonnet-5-5"
        endpoint = Endpoint("openai" if openai_like else "anthropic", base_url, model, model, self.official, True)
        return Exchange(endpoint, key, model, PROMPT, 8_000, lambda _: None)


WAYS = [
    Way("messages", "/v1/messages", anthropic.stream, "max_tokens"),
    Way("chat", "/v1/chat/completions", openai.stream, "length"),
    Way("responses", "/v1/responses", openai.stream, "max_output_tokens", official=True),
]


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def way(request: pytest.FixtureRequest) -> Way:
    """Each way in turn."""
    chosen: Way = request.param
    return chosen


async def test_the_answer_comes_in_pieces_and_is_counted(way: Way, provider: Loopback) -> None:
    provider.fail({"answer": ANSWER, "cache_read": 5})
    sizes: list[int] = []
    exchange = way.exchange(provider)
    exchange.on_text = sizes.append
    await way.stream(exchange)
    assert exchange.text == ANSWER
    assert len(sizes) > 5
    assert sizes == sorted(sizes)
    asked = tokens(PROMPT.system + PROMPT.user)
    assert exchange.billable(refused=False) == (Tokens(asked, tokens(ANSWER), cache_read=5), False)
    (request,) = provider.asked
    assert request.path == way.path
    assert request.headers["authorization"] == "Bearer the-key"
    assert request.body["model"] == exchange.model
    assert 8_000 in request.body.values()
    if way.name == "responses":
        assert request.body["store"] is False


@pytest.mark.parametrize(
    ("fault", "kind", "message"),
    [
        ({"status": 429}, "limited", "the limit of .* is reached"),
        ({"status": 529}, "overloaded", "overloaded"),
        ({"status": 503}, "overloaded", "overloaded"),
        ({"status": 500}, "failed", "answered 500: scripted 500"),
        ({"status": 401}, "denied", "refused the key"),
        ({"status": 403}, "denied", "refused the key"),
        ({"status": 400}, "refused", "answered 400: scripted 400"),
        ({"status": 404}, "refused", "answered 404"),
        ({"status": 413}, "refused", "answered 413"),
    ],
)
async def test_each_refusal_has_its_kind_and_is_not_repeated(
    way: Way, provider: Loopback, fault: dict[str, Any], kind: str, message: str
) -> None:
    provider.fail(fault)
    exchange = way.exchange(provider)
    with pytest.raises(Trouble, match=message) as caught:
        await way.stream(exchange)
    assert caught.value.kind == kind
    assert caught.value.transient is (kind not in {"denied", "refused"})
    assert exchange.billable(refused=True) == (Tokens(), False)
    assert len(provider.asked) == 1  # the SDKs' own retries are off


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "3600"}, 3_600),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "Fri, 31 Dec 2100 23:59:59 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({}, None),
    ],
)
async def test_retry_after_is_read(way: Way, provider: Loopback, headers: dict[str, str], wait: float | None) -> None:
    provider.fail({"status": 429, "headers": headers})
    with pytest.raises(Trouble) as caught:
        await way.stream(way.exchange(provider))
    assert caught.value.retry_after == wait
    if wait is None:
        assert caught.value.reset is None
    else:
        assert caught.value.reset == pytest.approx(time.time() + wait, abs=10)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [({"cut": 6}, "cut"), ({"error": "overloaded_error", "after": 6}, None), ({"cut": 1}, "cut")],
)
async def test_an_answer_that_breaks_off_is_billed_for_what_came(
    way: Way, provider: Loopback, fault: dict[str, Any], kind: str | None
) -> None:
    provider.fail({"answer": ANSWER, **fault})
    exchange = way.exchange(provider)
    with pytest.raises(Trouble) as caught:
        await way.stream(exchange)
    assert caught.value.transient
    assert kind in (None, caught.value.kind)
    billed, estimated = exchange.billable(refused=True)
    assert estimated
    assert billed.input > 0
    assert bool(exchange.size) == (billed.output > 1)


async def test_an_answer_that_is_too_long_is_paid_and_refused(way: Way, provider: Loopback) -> None:
    provider.fail({"answer": ANSWER, "stop": way.too_long})
    exchange = way.exchange(provider)
    with pytest.raises(Trouble, match="longer than the 8000 tokens"):
        await way.stream(exchange)
    assert exchange.billable(refused=True)[0].output == tokens(ANSWER)


@pytest.mark.parametrize(
    "reported",
    [
        Tokens(-5, 7),
        Tokens(10**20, 7),
        Tokens(3, 7, cache_read=5),
        Tokens(None, None),  # type: ignore[arg-type] - as compatible servers leave them out
        Tokens("3", 7),  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_counts_that_cannot_be_are_estimated(reported: Tokens, provider: Loopback) -> None:
    exchange = WAYS[1].exchange(provider)
    exchange.sent = exchange.opened = exchange.complete = True
    exchange.add(ANSWER)
    exchange.tokens = reported
    billed, estimated = exchange.billable(refused=False)
    assert estimated
    assert billed == Tokens(PROMPT.size // 3 + 1, len(ANSWER) // 3 + 1)


async def test_nobody_listens(way: Way, provider: Loopback) -> None:
    exchange = way.exchange(provider)
    await provider.stop()
    with pytest.raises(Trouble, match=r"can't be reached at 127\.0\.0\.1") as caught:
        await way.stream(exchange)
    assert caught.value.kind == "unreachable"
    assert exchange.billable(refused=True) == (Tokens(), False)


async def test_cancelling_closes_the_connection(way: Way, provider: Loopback) -> None:
    provider.fail({"answer": ANSWER, "pace": 0.2})
    exchange = way.exchange(provider)
    task = asyncio.ensure_future(way.stream(exchange))
    await until(lambda: exchange.size)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: provider.asked[0].closed)
    billed, estimated = exchange.billable(refused=False)
    assert estimated
    assert 0 < billed.output < tokens(ANSWER)


async def test_no_log_line_holds_code_or_keys(
    way: Way, provider: Loopback, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_LOG", "debug")
    monkeypatch.setenv("OPENAI_LOG", "debug")
    caplog.set_level(logging.DEBUG)
    for name in ("anthropic", "openai", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    provider.fail({"answer": ANSWER}, {"status": 500})
    await way.stream(way.exchange(provider))
    with pytest.raises(Trouble):
        await way.stream(way.exchange(provider))
    assert "secret_plan" not in caplog.text
    assert "the-key" not in caplog.text
    assert "It is different" not in caplog.text


async def test_the_account_of_the_environment_stays_with_the_provider_itself(
    way: Way, provider: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables that the SDKs read by themselves don't reach another host, and never take the place of our key."""
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "of-the-environment")
    for name in ("ANTHROPIC_CUSTOM_HEADERS", "OPENAI_CUSTOM_HEADERS"):
        monkeypatch.setenv(name, "x-team: of-the-environment\nAuthorization: Bearer of-the-environment")
    await way.stream(way.exchange(provider))
    headers = provider.asked[0].headers
    assert headers["authorization"] == "Bearer the-key"
    if not way.official:
        assert "of-the-environment" not in " ".join(headers.values())


async def test_code_goes_to_no_other_host(way: Way, provider: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither through a redirect nor, for a service on this machine, through a proxy."""
    async with Loopback() as elsewhere:
        monkeypatch.setenv("HTTP_PROXY", elsewhere.anthropic_url)
        monkeypatch.setenv("ALL_PROXY", elsewhere.anthropic_url)
        provider.fail({"status": 307, "headers": {"location": elsewhere.anthropic_url + way.path}})
        with pytest.raises(Trouble) as caught:
            await way.stream(way.exchange(provider))
        assert caught.value.kind == "refused"
        await way.stream(way.exchange(provider))
        assert len(provider.asked) == 2
        assert elsewhere.requests == []


async def test_whole_answers_and_wrong_keys(way: Way, provider: Loopback) -> None:
    """The loopback provider itself: without a stream, and with keys."""
    import httpx

    provider.keys = frozenset({"right"})
    bodies = {
        "messages": {"max_tokens": 9, "messages": [{"role": "user", "content": "x"}]},
        "chat": {"messages": [{"role": "user", "content": "x"}]},
        "responses": {"input": "x"},
    }
    async with httpx.AsyncClient(base_url=provider.anthropic_url) as client:
        for header, key, status in (
            ("x-api-key", "right", 200),
            ("authorization", "Bearer right", 200),
            ("x-api-key", "wrong", 401),
            ("accept", "*/*", 401),
        ):
            headers = {header: key, "anthropic-version": "2023-06-01"}
            answer = await client.post(way.path, json={"model": "m", **bodies[way.name]}, headers=headers)
            assert answer.status_code == status
            assert "anthropic-ratelimit-requests-remaining" in answer.headers
            assert ("usage" in answer.json()) is (status == 200)
