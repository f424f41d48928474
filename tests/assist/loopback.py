"""An AI provider on loopback: speaks Anthropic's Messages, OpenAI's Chat Completions and Responses, errors on demand.

`python -m tests.assist.loopback --port 0` prints its port and serves until it is ended. It plays the provider and
nothing more: the answer to a refactoring prompt is the function of that name in a file of `answers/`, otherwise the
function of the prompt as it came (which our checks refuse: it is no simpler).

Control, as JSON: `POST /control/next` with a list of faults takes one fault for each next request
(`{"status": 429, "headers": {"retry-after": "1"}}`, `{"cut": 3}` closes after so many events, `{"delay": 0.5}` waits
before the head, `{"pace": 0.05}` waits before each event, `{"error": "overloaded_error", "after": 2}` fails inside the
stream, `{"raw": "…"}` streams this as it is, `{"answer": "…"}` says something else, `{"stop": "max_tokens"}` ends for
another reason, `{}` is no fault);
`GET /control/requests` returns what came in; `DELETE /control/requests` forgets it. `--faults FILE` starts with a list.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import contextlib
import json
import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.assist import wire

if TYPE_CHECKING:
    from collections.abc import Mapping

ANSWERS = Path(__file__).with_name("answers")
_FENCED = re.compile(r"^(`{3,})python\n(.*?)^\1$", re.DOTALL | re.MULTILINE)


@dataclass
class Request:
    """One request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    completed: bool = False  # the answer was sent whole
    closed: bool = False  # the client closed the connection before


@dataclass
class Loopback:
    """The server; `keys` are those it accepts, None accepts any."""

    keys: frozenset[str] | None = None
    faults: deque[dict[str, Any]] = field(default_factory=deque)
    answers: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _connections: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self, port: int = 0) -> Self:
        """Listen on loopback."""
        self.answers = {**prepared_answers(), **self.answers}
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def stop(self) -> None:
        """Close every connection."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def anthropic_url(self) -> str:
        """The base URL for Anthropic's SDK."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def openai_url(self) -> str:
        """The base URL for OpenAI's SDK."""
        return f"http://127.0.0.1:{self.port}/v1"

    def fail(self, *faults: dict[str, Any]) -> None:
        """One fault for each of the next requests."""
        self.faults.extend(faults)

    @property
    def asked(self) -> list[Request]:
        """Requests for an answer, without those to the control."""
        return [request for request in self.requests if not request.path.startswith("/control")]

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.ensure_future(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await _read(reader)) is not None:
                if not await self._answer(request, reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _answer(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection goes on."""
        if request.path.startswith("/control"):
            return await _send(writer, 200, self._control(request))
        self.requests.append(request)
        protocol = wire.PROTOCOLS.get(request.path)
        if protocol is None or request.method != "POST":
            return await _send(writer, 404, wire.error_body("not_found_error", f"no such path: {request.path}"))
        fault = self.faults.popleft() if self.faults else {}
        await asyncio.sleep(float(fault.get("delay", 0)))
        if (problem := self._refusal(request, protocol)) is not None:
            return await _send(writer, *problem)
        if status := fault.get("status"):
            kind = wire.KINDS.get(status, "api_error")
            return await _send(writer, status, wire.error_body(kind, f"scripted {status}"), fault.get("headers", {}))
        body = request.body
        system, user = protocol.prompt(body)
        text = str(fault.get("answer") or self._text(user))
        if not body.get("stream"):
            request.completed = True
            return await _send(writer, 200, protocol.whole(body, system + user, text, fault))
        return await self._stream(request, protocol, (system + user, text), fault, reader, writer)

    def _refusal(self, request: Request, protocol: wire.Protocol) -> tuple[int, dict[str, Any]] | None:
        headers = request.headers
        key = headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ")
        if not key or (self.keys is not None and key not in self.keys):
            return 401, wire.error_body("authentication_error", "invalid key")
        missing = [name for name in protocol.required if name not in request.body]
        if missing or (protocol.version_header and protocol.version_header not in headers):
            return 400, wire.error_body("invalid_request_error", f"missing: {missing or protocol.version_header}")
        return None

    async def _stream(
        self,
        request: Request,
        protocol: wire.Protocol,
        texts: tuple[str, str],
        fault: Mapping[str, Any],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n"
        writer.write((head + _lines(wire.rate_headers()) + "\r\n").encode())
        gone = asyncio.ensure_future(reader.read(1))  # ends when the client hangs up
        try:
            events = [str(fault["raw"])] if "raw" in fault else protocol.events(request.body, *texts, fault)
            for number, event in enumerate(events):
                if fault.get("cut") == number:
                    writer.transport.abort()
                    return False
                if "error" in fault and fault.get("after", 1) == number:
                    event = protocol.error_event(fault["error"])
                data = event.encode()
                writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
                await writer.drain()
                if "pace" in fault:
                    await asyncio.wait([gone], timeout=float(fault["pace"]))
                if gone.done():
                    request.closed = True
                    return False
            writer.write(b"0\r\n\r\n")
            await writer.drain()
            request.completed = True
            return False
        except ConnectionError:
            request.closed = True
            return False
        finally:
            gone.cancel()

    def _text(self, user: str) -> str:
        fenced = _FENCED.search(user)
        code = fenced[2] if fenced else ""
        named = re.search(r"^(?:async )?def (\w+)", code, re.MULTILINE)
        answer = self.answers.get(named[1] if named else "", code)
        fence = fenced[1] if fenced else "```"
        return f"{fence}python\n{answer.rstrip()}\n{fence}\n\nTables took the place of chains of comparisons."

    def _control(self, request: Request) -> Any:
        if request.path == "/control/next":
            self.faults.extend(request.body)
        elif request.method == "DELETE":
            self.requests.clear()
        return [
            {"method": one.method, "path": one.path, "headers": one.headers, "body": one.body, "closed": one.closed}
            for one in self.requests
        ]


def prepared_answers() -> dict[str, str]:
    """The functions in `answers/` by name: of each file, the function that the file is named after."""
    found = {}
    for path in sorted(ANSWERS.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == path.stem:
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                found[node.name] = "\n".join(text.split("\n")[first - 1 : node.end_lineno])
    return found


async def _read(reader: asyncio.StreamReader) -> Request | None:
    line = await reader.readline()
    if not line.strip():
        return None
    method, path, _ = line.decode("latin-1").split()
    headers = {}
    while (line := (await reader.readline()).decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    content = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path.partition("?")[0], headers, json.loads(content) if content else {})


async def _send(writer: asyncio.StreamWriter, status: int, body: Any, headers: Mapping[str, str] | None = None) -> bool:
    data = json.dumps(body).encode()
    all_headers = {
        **wire.rate_headers(),
        "content-type": "application/json",
        "content-length": str(len(data)),
        **(headers or {}),
    }
    writer.write(f"HTTP/1.1 {status} Scripted\r\n{_lines(all_headers)}\r\n".encode() + data)
    await writer.drain()
    return True


def _lines(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


async def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--key", action="append", help="accept only this key (may be given often)")
    parser.add_argument("--faults", type=Path, help="a JSON file with a list of faults")
    chosen = parser.parse_args()
    faults = json.loads(chosen.faults.read_text()) if chosen.faults else []
    server = await Loopback(keys=frozenset(chosen.key) if chosen.key else None, faults=deque(faults)).start(chosen.port)
    print(server.port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main())
