"""Transports: the standard streams or one TCP connection; a thread reads whole messages, a thread writes.

Reading and writing never wait for each other, so a client that is busy sending can't bring both sides to a halt.
"""

from __future__ import annotations

import os
import queue
import re
import socket
import sys
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_LENGTH: Final = re.compile(rb"content-length[ \t]*:[ \t]*(\d+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNK: Final = 65_536
_LARGEST: Final = 256 * 1024 * 1024  # bytes; a longer message is no message


class Channel:
    """A stream of bytes in both directions."""

    def __init__(self, receive: Callable[[int], bytes], send: Callable[[bytes], None]) -> None:
        self.receive = receive
        self.send = send


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

    def send(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(outgoing, view) :]

    return Channel(lambda size: os.read(incoming, size), send)


def connection(host: str, port: int) -> Channel:
    """Wait for one client; says on stderr where, for port 0 too."""
    with socket.create_server((host, port)) as listening:
        print(f"listening on {host}:{listening.getsockname()[1]}", file=sys.stderr, flush=True)
        client, _ = listening.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Channel(client.recv, client.sendall)


def read_messages(channel: Channel, deliver: Callable[[bytes | None], None]) -> threading.Thread:
    """Deliver the body of each message, then None when the stream has ended; returns the thread that does."""

    def read() -> None:
        held = bytearray()
        try:
            while (body := _message(channel, held)) is not None:
                deliver(body)
        except OSError:
            pass  # a broken stream has ended
        deliver(None)

    thread = threading.Thread(target=read, name="reader", daemon=True)
    thread.start()
    return thread


def _message(channel: Channel, held: bytearray) -> bytes | None:
    while (end := held.find(b"\r\n\r\n")) < 0:
        if len(held) > _CHUNK:
            del held[: -len(b"\r\n\r\n")]  # no header is that long: look for the next one
        data = channel.receive(_CHUNK)
        if not data:
            return None
        held += data
    found = _LENGTH.search(bytes(held[:end]))
    del held[: end + 4]
    if found is None or int(found[1]) > _LARGEST:
        return b""
    size = int(found[1])
    while len(held) < size:
        data = channel.receive(_CHUNK)
        if not data:
            return None
        held += data
    body = bytes(held[:size])
    del held[:size]
    return body


class Writer:
    """Writes in the order of the calls; `broken` is called once when nobody reads any more."""

    def __init__(self, channel: Channel, broken: Callable[[], None]) -> None:
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, args=(channel, broken), name="writer", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Write soon."""
        self._queue.put(data)

    def close(self, patience: float = 2.0) -> None:
        """Write what waits, for at most so many seconds."""
        self._queue.put(None)
        self._thread.join(patience)

    def _write(self, channel: Channel, broken: Callable[[], None]) -> None:
        try:
            while (data := self._queue.get()) is not None:
                channel.send(data)
        except OSError:
            broken()
