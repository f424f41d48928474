"""Claude through Anthropic's SDK: the Messages API, streamed."""

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

NAME = "Claude"


async def stream(exchange: Exchange) -> None:
    """Ask Claude. Raises `Trouble`."""
    sdk, transport, made = await asyncio.to_thread(_client, exchange)
    try:
        async with made as client:
            exchange.sent = True
            answer = await client.messages.create(
                model=exchange.model,
                max_tokens=exchange.most_output,
                system=exchange.prompt.system,
                messages=[{"role": "user", "content": exchange.prompt.user}],
                stream=True,
            )
            exchange.opened = True
            async with answer:
                async for event in answer:
                    _take(event, exchange)
    except sdk.APITimeoutError as error:
        raise Trouble("timeout", f"{NAME} did not answer in time") from error
    except sdk.APIConnectionError as error:
        if exchange.opened:
            raise Trouble("cut", f"the answer of {NAME} broke off") from error
        raise Trouble("unreachable", f"{NAME} can't be reached at {exchange.endpoint.host}") from error
    except sdk.APIStatusError as error:
        raise _trouble(error, exchange) from error
    except transport.HTTPError as error:  # inside a stream the SDK lets errors of its transport through
        late = isinstance(error, transport.TimeoutException)
        raise Trouble("timeout" if late else "cut", f"the answer of {NAME} broke off") from error
    if not exchange.complete:
        raise Trouble("cut", f"the answer of {NAME} broke off")


def _client(exchange: Exchange) -> tuple[ModuleType, ModuleType, Any]:
    """The SDK, its transport and a client, made in a thread: imports and certificates take longer than a turn may."""
    import anthropic
    import httpx2

    quiet()
    client = anthropic.AsyncAnthropic(
        api_key=exchange.key,
        base_url=exchange.endpoint.base_url,
        max_retries=0,
        http_client=http_client(exchange, httpx2),
        default_headers=own_headers(exchange, "ANTHROPIC_CUSTOM_HEADERS", anthropic.Omit()),
        open_telemetry=False,
    )
    _ = client.messages.create  # imports what it needs at first use
    return anthropic, httpx2, client


def _take(event: Any, exchange: Exchange) -> None:
    if event.type == "message_start":
        exchange.tokens = _tokens(event.message.usage, Tokens())
    elif event.type == "content_block_delta" and event.delta.type == "text_delta":
        exchange.add(event.delta.text)
    elif event.type == "message_delta":
        exchange.tokens = _tokens(event.usage, exchange.tokens or Tokens())
        if event.delta.stop_reason == "max_tokens":
            exchange.complete = True
            raise too_long(exchange, NAME)
        if event.delta.stop_reason == "refusal":
            exchange.complete = True
            raise Trouble("refused", f"{NAME} declined to answer")
    elif event.type == "message_stop":
        exchange.complete = True


def _tokens(usage: Any, before: Tokens) -> Tokens:
    """Claude counts what its cache read and wrote beside `input_tokens`; a later event may leave counts out."""
    read = usage.cache_read_input_tokens
    written = usage.cache_creation_input_tokens
    read = before.cache_read if read is None else read
    written = before.cache_write if written is None else written
    plain = usage.input_tokens
    plain = before.input - before.cache_read - before.cache_write if plain is None else plain
    return Tokens(plain + read + written, usage.output_tokens or before.output, read, written)


def _trouble(error: Any, exchange: Exchange) -> Trouble:
    """An error inside a stream comes with the status 200 of its beginning; its type says what it is."""
    status = error.status_code
    if exchange.opened:
        kinds = {"overloaded_error": 529, "rate_limit_error": 429, "invalid_request_error": 400}
        status = kinds.get(error.type or "", 500)
    return status_trouble(NAME, status, error.response.headers, error.api_message or "")
