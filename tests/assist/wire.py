"""The wire formats of the loopback provider: what Anthropic and OpenAI send, as far as their SDKs read it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    500: "api_error",
    503: "overloaded_error",
    529: "overloaded_error",
}
CHUNK = 40  # characters in one event


def tokens(text: str) -> int:
    """What this provider counts: a token for every four characters."""
    return len(text) // 4 + 1


def error_body(kind: str, message: str) -> dict[str, Any]:
    """An error as both providers send it, near enough: each SDK reads its own part."""
    return {"type": "error", "error": {"type": kind, "message": message, "code": kind, "param": None}}


def rate_headers() -> dict[str, str]:
    """Rate-limit headers of both providers."""
    reset = (datetime.now(UTC) + timedelta(seconds=30)).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {
        "request-id": "req_loopback",
        "x-request-id": "req_loopback",
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "49",
        "anthropic-ratelimit-requests-reset": reset,
        "x-ratelimit-limit-requests": "50",
        "x-ratelimit-remaining-requests": "49",
        "x-ratelimit-reset-requests": "30s",
    }


def pieces(text: str) -> Iterator[str]:
    """The text in the pieces of a stream."""
    return (text[start : start + CHUNK] for start in range(0, len(text), CHUNK))


class Protocol:
    """One way to ask."""

    required: ClassVar[tuple[str, ...]]
    version_header: ClassVar[str | None] = None

    def prompt(self, body: Mapping[str, Any]) -> tuple[str, str]:
        """System and user text of a request."""
        raise NotImplementedError

    def whole(self, body: Mapping[str, Any], asked: str, text: str, fault: Mapping[str, Any]) -> dict[str, Any]:
        """The answer as one object."""
        raise NotImplementedError

    def events(self, body: Mapping[str, Any], asked: str, text: str, fault: Mapping[str, Any]) -> Iterator[str]:
        """The answer as events."""
        raise NotImplementedError

    def error_event(self, kind: str) -> str:
        """An error inside a stream."""
        return sse(error_body(kind, "scripted"), "error")


def sse(data: Any, event: str | None = None) -> str:
    """One server-sent event."""
    return (f"event: {event}\n" if event else "") + f"data: {json.dumps(data)}\n\n"


class Messages(Protocol):
    """Anthropic's Messages; cached tokens are counted beside the input."""

    required = ("model", "max_tokens", "messages")
    version_header = "anthropic-version"

    def prompt(self, body: Mapping[str, Any]) -> tuple[str, str]:
        return str(body.get("system", "")), str(body["messages"][-1]["content"])

    def _usage(self, asked: str, fault: Mapping[str, Any], output: int) -> dict[str, int]:
        read = int(fault.get("cache_read", 0))
        return {
            "input_tokens": tokens(asked) - read,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": 0,
            "output_tokens": output,
        }

    def _message(self, body: Mapping[str, Any], content: list[Any], stop: str | None, usage: Any) -> dict[str, Any]:
        return {
            "id": "msg_loopback",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": content,
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": usage,
        }

    def whole(self, body: Mapping[str, Any], asked: str, text: str, fault: Mapping[str, Any]) -> dict[str, Any]:
        usage = self._usage(asked, fault, tokens(text))
        return self._message(body, [{"type": "text", "text": text}], fault.get("stop", "end_turn"), usage)

    def events(self, body: Mapping[str, Any], asked: str, text: str, fault: Mapping[str, Any]) -> Iterator[str]:
        message = self._message(body, [], None, self._usage(asked, fault, 1))
        yield sse({"type": "message_start", "message": message}, "message_start")
        block = {"type": "text", "text": ""}
        yield sse({"type": "content_block_start", "index": 0, "content_block": block}, "content_block_start")
        yield sse({"type": "ping"}, "ping")
        for piece in pieces(text):
            delta = {"type": "text_delta", "text": piece}
            yield sse({"type": "content_block_delta", "index": 0, "delta": delta}, "content_block_delta")
        yield sse({"type": "content_block_stop", "index": 0}, "content_block_stop")
        delta = {"stop_reason": fault.get("stop", "end_turn"), "stop_sequence": None}
        usage = {"output_tokens": tokens(text)}
        yield sse({"type": "message_delta", "delta": delta, "usage": usage}, "message_delta")
        yield sse({"type": "message_stop"}, "message_stop")


class Chat(Protocol):
    """OpenAI's Chat Completions; cached tokens are within the prompt."""

    required = ("model", "messages")

    def prompt(self, body: Mapping[str, Any]) -> tuple[str, str]:
        by_role = {message["role"]: str(message["content"]) for message in body["messages"]}
        return by_role.get("system", ""), by_role.get("user", "")

    def _usage(self, asked: str, text: str, fault: Mapping[str, Any]) -> dict[str, Any]:
        prompt, completion = tokens(asked), tokens(text)
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": int(fault.get("cache_read", 0))},
        }

    def _frame(self, body: Mapping[str, Any], kind: str) -> dict[str, Any]:
        return {"id": "chatcmpl-loopback", "object": kind, "created": 1_790_000_000, "model": body["model"]}

    def whole(self, body: Mapping[str, Any], asked: str, text: str, fault: Mapping[str, Any]) -> dict[str, Any]:
        message = {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": fault.get("stop", "stop")}
        frame = self._frame(body, "chat.completion")
        return {**frame, "choices": [choice], "usage": self._usage(asked, text, fault)}

    def events(self, body: Mapping[str, Any], asked: str, text: str, fault: Mapping[str, Any]) -> Iterator[str]:
        frame = self._frame(body, "chat.completion.chunk")

        def chunk(delta: dict[str, str], finish: str | None = None) -> str:
            return sse({**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

        yield chunk({"role": "assistant", "content": ""})
        for piece in pieces(text):
            yield chunk({"content": piece})
        yield chunk({}, fault.get("stop", "stop"))
        if (body.get("stream_options") or {}).get("include_usage"):
            yield sse({**frame, "choices": [], "usage": self._usage(asked, text, fault)})
        yield "data: [DONE]\n\n"

    def error_event(self, kind: str) -> str:
        return sse(error_body(kind, "scripted"))


class Responses(Protocol):
    """OpenAI's Responses; cached tokens are within the input."""

    required = ("model", "input")

    def prompt(self, body: Mapping[str, Any]) -> tuple[str, str]:
        return str(body.get("instructions") or ""), str(body["input"])

    def _response(
        self, body: Mapping[str, Any], asked: str, text: str | None, fault: Mapping[str, Any]
    ) -> dict[str, Any]:
        stop = fault.get("stop")
        status = "in_progress" if text is None else "incomplete" if stop else "completed"
        part = {"type": "output_text", "text": text, "annotations": []}
        message = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
        usage = {
            "input_tokens": tokens(asked),
            "input_tokens_details": {"cached_tokens": int(fault.get("cache_read", 0)), "cache_write_tokens": 0},
            "output_tokens": tokens(text or ""),
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": tokens(asked) + tokens(text or ""),
        }
        return {
            "id": "resp_loopback",
            "object": "response",
            "created_at": 1_790_000_000,
            "model": body["model"],
            "status": status,
            "incomplete_details": {"reason": stop} if stop and text is not None else None,
            "error": None,
            "output": [] if text is None else [message],
            "parallel_tool_calls": False,
            "tool_choice": "auto",
            "tools": [],
            "usage": None if text is None else usage,
        }

    def whole(self, body: Mapping[str, Any], asked: str, text: str, fault: Mapping[str, Any]) -> dict[str, Any]:
        return self._response(body, asked, text, fault)

    def events(self, body: Mapping[str, Any], asked: str, text: str, fault: Mapping[str, Any]) -> Iterator[str]:
        started = self._response(body, asked, None, fault)
        number = 0

        def event(kind: str, **data: Any) -> str:
            nonlocal number
            number += 1
            return sse({"type": kind, "sequence_number": number, **data}, kind)

        yield event("response.created", response=started)
        for piece in pieces(text):
            yield event(
                "response.output_text.delta", item_id="msg_1", output_index=0, content_index=0, delta=piece, logprobs=[]
            )
        done = self._response(body, asked, text, fault)
        yield event(f"response.{done['status']}", response=done)

    def error_event(self, kind: str) -> str:
        data = {"type": "error", "code": kind, "message": "scripted", "param": None, "sequence_number": 99}
        return sse(data, "error")


PROTOCOLS: dict[str, Protocol] = {
    "/v1/messages": Messages(),
    "/v1/chat/completions": Chat(),
    "/v1/responses": Responses(),
}
