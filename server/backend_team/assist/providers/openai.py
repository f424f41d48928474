"""OpenAI through its SDK: the Responses API of its own service, Chat Completions of compatible servers; streamed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from backend_team.assist.prices import Tokens
from backend_team.assist.providers.exchange import (
    Trouble,
    http_client,
    own_headers,
    quiet,
    status_trouble,
    too_long,
)

if TYPE_CHECKING:
    from types import ModuleType

    from backend_team.assist.providers.exchange import Exchange

NAME = "OpenAI"


async def stream(exchange: Exchange) -> None:
    """Ask OpenAI, or a server that speaks like it. Raises `Trouble`."""
    sdk, transport, made = await asyncio.to_thread(_client, exchange)
    try:
        async with made as client:
            await (_responses if exchange.endpoint.official else _chat)(client, exchange)
    except sdk.APITimeoutError as error:
        raise Trouble("timeout", f"{NAME} did not answer in time") from error
    except sdk.APIConnectionError as error:
        if exchange.opened:
            raise Trouble("cut", f"the answer of {NAME} broke off") from error
        raise Trouble("unreachable", f"{NAME} can't be reached at {exchange.endpoint.host}") from error
    except sdk.APIStatusError as error:
        raise status_trouble(NAME, error.status_code, error.response.headers, _said(error)) from error
    except sdk.APIError as error:  # inside a stream: no status
        raise Trouble("failed", f"{NAME} broke off: {_said(error)}") from error
    except transport.HTTPError as error:
        raise Trouble("cut", f"the answer of {NAME} broke off") from error
    if not exchange.complete:
        raise Trouble("cut", f"the answer of {NAME} broke off")


def _client(exchange: Exchange) -> tuple[ModuleType, ModuleType, Any]:
    """The SDK, its transport and a client, made in a thread: imports and certificates take longer than a turn may."""
    import httpx2
    import openai

    quiet()
    omit = openai.Omit()
    client = openai.AsyncOpenAI(
        api_key=exchange.key,
        base_url=exchange.endpoint.base_url,
        max_retries=0,
        http_client=http_client(exchange, httpx2),
        default_headers=own_headers(exchange, "OPENAI_CUSTOM_HEADERS", omit, "OpenAI-Organization", "OpenAI-Project"),
    )
    _ = client.responses.create if exchange.endpoint.official else client.chat.completions.create  # imports
    return openai, httpx2, client


async def _responses(client: Any, exchange: Exchange) -> None:
    exchange.sent = True
    answer = await client.responses.create(
        model=exchange.model,
        instructions=exchange.prompt.system,
        input=exchange.prompt.user,
        max_output_tokens=exchange.most_output,
        store=False,
        stream=True,
    )
    exchange.opened = True
    async with answer:
        async for event in answer:
            if event.type == "response.output_text.delta":
                exchange.add(event.delta)
            elif event.type in {"response.completed", "response.incomplete", "response.failed"}:
                exchange.tokens = _response_tokens(event.response.usage)
                exchange.complete = True
                _ended(event.response, exchange)
            elif event.type == "error":
                raise Trouble("limited" if event.code == "rate_limit_exceeded" else "failed", f"{NAME} broke off")


def _ended(response: Any, exchange: Exchange) -> None:
    if response.status == "failed":
        code = response.error.code if response.error else ""
        raise Trouble("limited" if code == "rate_limit_exceeded" else "failed", f"{NAME} could not answer ({code})")
    if response.status == "incomplete":
        raise _too_long(exchange, response.incomplete_details.reason if response.incomplete_details else None)


async def _chat(client: Any, exchange: Exchange) -> None:
    exchange.sent = True
    answer = await client.chat.completions.create(
        model=exchange.model,
        messages=[
            {"role": "system", "content": exchange.prompt.system},
            {"role": "user", "content": exchange.prompt.user},
        ],
        max_tokens=exchange.most_output,  # the name that compatible servers know
        stream=True,
        stream_options={"include_usage": True},
    )
    exchange.opened = True
    finish: str | None = None
    async with answer:
        async for chunk in answer:
            for choice in chunk.choices:
                if choice.delta and choice.delta.content:
                    exchange.add(choice.delta.content)
                finish = choice.finish_reason or finish
            if chunk.usage is not None:  # by itself, after the last choice
                exchange.tokens = _chat_tokens(chunk.usage)
    exchange.complete = finish is not None
    if finish in {"length", "content_filter"}:
        raise _too_long(exchange, finish)


def _too_long(exchange: Exchange, reason: str | None) -> Trouble:
    if reason in {"max_output_tokens", "length"}:
        return too_long(exchange, NAME)
    return Trouble("refused", f"{NAME} declined to answer")


def _response_tokens(usage: Any) -> Tokens | None:
    """OpenAI counts what its cache read and wrote within the input."""
    if usage is None:
        return None
    details = usage.input_tokens_details
    read, written = _count(details, "cached_tokens"), _count(details, "cache_write_tokens")
    return Tokens(usage.input_tokens, usage.output_tokens, read, written)


def _chat_tokens(usage: Any) -> Tokens:
    details = usage.prompt_tokens_details
    read, written = _count(details, "cached_tokens"), _count(details, "cache_write_tokens")
    return Tokens(usage.prompt_tokens, usage.completion_tokens, read, written)


def _count(details: Any, name: str) -> int:
    return getattr(details, name, None) or 0


def _said(error: Any) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return str(message or "")[:200]
