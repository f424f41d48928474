"""Transports: the standard streams or one TCP connection, to whole messages and back.

Pipes and sockets are served by the event loop itself, for a thread in between costs as much as an edit does. Where the
loop can't wait for a stream (files, terminals, Windows), or must not change how others see it, a thread reads and a
thread writes. Either way reading and writing never wait for each other, so a client that is busy sending can't bring
both sides to a halt.
"""

from __future__ import annotations

import asyncio
import os
import queue
import re
import socket
import stat
import sys
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable

_LENGTH: Final = re.compile(rb"content-length[ \t]*:[ \t]*(\d+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNK: Final = 65_536
_LAST_PORT: Final = 65_535
_LARGEST: Final = 256 * 1024 * 1024  # bytes; a longer message is no message


class Writer(Protocol):
    """Writes in the order of the calls."""

    def write(self, data: bytes) -> None:
        """Write soon."""

    async def aclose(self) -> None:
        """Write what waits, for at most `PATIENCE` seconds."""


PATIENCE: Final = 2.0


class Channel(Protocol):
    """A stream of messages in both directions."""

    async def connect(self, attach: Callable[[Writer], None], deliver: Callable[[bytes | None], None]) -> None:
        """Attach a writer, then deliver messages in the loop; None when nobody sends or reads any more."""


# Messages ---------------------------------------------------------------------------------------------------------


class Splitter:
    """Bytes as they come, to the bodies of messages."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._size: int | None = None  # of the body whose header was read

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that are complete; an empty one stands for a header that says no length."""
        held = self._held
        held += data
        found: list[bytes] = []
        while True:
            if self._size is None:
                end = held.find(b"\r\n\r\n")
                if end < 0:
                    if len(held) > _CHUNK:
                        del held[: -len(b"\r\n\r\n")]  # no header is that long: look for the next one
                    return found
                header = _LENGTH.search(bytes(held[:end]))
                del held[: end + 4]
                if header is None or int(header[1]) > _LARGEST:
                    found.append(b"")
                    continue
                self._size = int(header[1])
            if len(held) < self._size:
                return found
            found.append(bytes(held[: self._size]))
            del held[: self._size]
            self._size = None


# In the loop ------------------------------------------------------------------------------------------------------


class _Incoming(asyncio.Protocol):
    """What comes in through the loop. A turn of the loop for each message, however many come at once."""

    def __init__(self, deliver: Callable[[bytes | None], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._deliver = deliver
        self._splitter = Splitter()
        self._waiting: deque[bytes | None] = deque()

    def data_received(self, data: bytes) -> None:
        under_way = bool(self._waiting)
        self._waiting += self._splitter.feed(data)
        if self._waiting and not under_way:
            self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._waiting:
            self._loop.call_soon(self._next)
        self._waiting.append(None)  # after all that came before

    def _next(self) -> None:
        body = self._waiting.popleft()
        if self._waiting:
            self._loop.call_soon(self._next)
        self._deliver(body)


class _Outgoing(asyncio.BaseProtocol):
    """What goes out through the loop: as much at once as the stream takes, the rest when it takes more."""

    def __init__(self, deliver: Callable[[bytes | None], None]) -> None:
        self._deliver = deliver
        self._lost = asyncio.get_running_loop().create_future()
        self._transport: asyncio.WriteTransport | None = None
        self.incoming: asyncio.BaseTransport | None = None  # the other direction, which ends with this one

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)
        self._deliver(None)

    def write(self, data: bytes) -> None:
        """Write now what can be."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    async def aclose(self) -> None:
        """Write what waits, and close both directions."""
        if self._transport is None:
            return
        if self.incoming is not None:
            self.incoming.close()
        self._transport.close()
        done, _ = await asyncio.wait([self._lost], timeout=PATIENCE)
        if not done:
            self._transport.abort()
        await asyncio.sleep(0)  # transports let go of their files in the next turn


class _Both(_Incoming):
    """What comes in, where the same connection takes what goes out."""

    def __init__(self, deliver: Callable[[bytes | None], None], outgoing: _Outgoing) -> None:
        super().__init__(deliver)
        self._outgoing = outgoing

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._outgoing.connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._outgoing.connection_lost(error)


class SocketChannel:
    """One connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    async def connect(self, attach: Callable[[Writer], None], deliver: Callable[[bytes | None], None]) -> None:
        """Begin."""
        output = _Outgoing(deliver)
        attach(output)
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(lambda: _Both(deliver, output), self._connection)


class PipeChannel:
    """Two pipes, or sockets that are used as such: each in one direction."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    async def connect(self, attach: Callable[[Writer], None], deliver: Callable[[bytes | None], None]) -> None:
        """Begin."""
        loop = asyncio.get_running_loop()
        _, output = await loop.connect_write_pipe(lambda: _Outgoing(deliver), os.fdopen(self._outgoing, "wb", 0))
        attach(output)
        incoming = os.fdopen(self._incoming, "rb", 0)
        output.incoming, _ = await loop.connect_read_pipe(lambda: _Incoming(deliver), incoming)


# In threads -------------------------------------------------------------------------------------------------------


class ThreadChannel:
    """Any stream: `receive` waits for some bytes, none at the end; `send` waits until all are gone."""

    def __init__(self, receive: Callable[[int], bytes], send: Callable[[bytes], None]) -> None:
        self._receive = receive
        self._send = send

    async def connect(self, attach: Callable[[Writer], None], deliver: Callable[[bytes | None], None]) -> None:
        """Begin."""
        loop = asyncio.get_running_loop()

        def deliver_there(body: bytes | None) -> None:
            with suppress(RuntimeError):  # the loop has ended before the client
                loop.call_soon_threadsafe(deliver, body)

        def read() -> None:
            splitter = Splitter()
            try:
                while data := self._receive(_CHUNK):
                    for body in splitter.feed(data):
                        deliver_there(body)
            except OSError:
                pass  # a broken stream has ended
            deliver_there(None)

        attach(_ThreadWriter(self._send, lambda: deliver_there(None)))
        threading.Thread(target=read, name="reader", daemon=True).start()


class _ThreadWriter:
    """Writes in a thread; `broken` is called once when nobody reads any more."""

    def __init__(self, send: Callable[[bytes], None], broken: Callable[[], None]) -> None:
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, args=(send, broken), name="writer", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Write soon."""
        self._queue.put(data)

    async def aclose(self) -> None:
        """Write what waits."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, PATIENCE)

    def _write(self, send: Callable[[bytes], None], broken: Callable[[], None]) -> None:
        try:
            while (data := self._queue.get()) is not None:
                send(data)
        except OSError:
            broken()


# Which one --------------------------------------------------------------------------------------------------------


def standard_streams() -> Channel:
    """Take stdin and stdout for the protocol: everything else that prints lands on stderr, and nobody else reads."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    sys.stdout = sys.stderr
    if sys.platform == "win32":
        import msvcrt

        for number in (incoming, outgoing):
            msvcrt.setmode(number, os.O_BINARY)
    elif _are_pipes(incoming, outgoing):
        return PipeChannel(incoming, outgoing)

    def send(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(outgoing, view) :]

    return ThreadChannel(lambda size: os.read(incoming, size), send)


def _are_pipes(*numbers: int) -> bool:
    """Whether the loop can wait for these, and each is one of its own: stderr, too, may be shared with others."""
    status = [os.fstat(number) for number in (*numbers, 2)]
    places = {(each.st_dev, each.st_ino) for each in status}
    return len(places) == len(status) and all(
        stat.S_ISFIFO(each.st_mode) or stat.S_ISSOCK(each.st_mode) for each in status[:-1]
    )


def address(text: str) -> tuple[str, int]:
    """`HOST:PORT`, an IPv6 address in brackets; without a host it is this machine. Raises `ValueError`."""
    host, colon, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if not colon or not (port.isascii() and port.isdigit()) or int(port) > _LAST_PORT:
        raise ValueError(f"HOST:PORT is wanted, with a port up to {_LAST_PORT}")
    if ":" in host and not bracketed:
        raise ValueError("an IPv6 address is written in brackets, as in [::1]:0")
    return (host[1:-1] if bracketed else host) or "127.0.0.1", int(port)


def connection(host: str, port: int) -> Channel:
    """Wait for one client; says on stderr where, for port 0 too. Raises `OSError` when nobody can listen there."""
    family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.create_server(place[:2], family=family) as listening:
        shown = f"[{host}]" if ":" in host else host
        print(f"listening on {shown}:{listening.getsockname()[1]}", file=sys.stderr, flush=True)
        client, _ = listening.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return SocketChannel(client)
