"""Start, end, and everything that must not end a server."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from backend_team.lsp.server import build
from tests.protocol.client import PATIENCE, Client, Refused, insertion

if TYPE_CHECKING:
    from pathlib import Path


def test_shutdown_and_exit(client: Client) -> None:
    assert client.finish() == 0


def test_exit_without_shutdown_is_a_failure(client: Client) -> None:
    client.notify("exit")
    assert client.process.wait(PATIENCE) == 1


def test_requests_before_and_after(folder: Path) -> None:
    client = Client(folder)
    try:
        with pytest.raises(Refused) as early:
            client.request("textDocument/hover", {})
        assert early.value.code == -32002
        client.initialize()
        client.request("shutdown")
        with pytest.raises(Refused) as late:
            client.request("textDocument/hover", {})
        assert late.value.code == -32600
        client.notify("exit")
        assert client.process.wait(PATIENCE) == 0
    finally:
        client.close()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"no json", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"shutdown"}', -32600),
        (b'{"jsonrpc":"2.0","id":{},"method":"shutdown"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":7}', -32600),
        (b'{"jsonrpc":"2.0","id":4711,"method":"textDocument/hover","params":{"textDocument":1}}', -32602),
        (b'{"jsonrpc":"2.0","id":4711,"method":"textDocument/hover"}', -32602),
        (b'{"jsonrpc":"2.0","id":4711,"method":"textDocument/nothing","params":{}}', -32601),
        (b'{"jsonrpc":"2.0","id":4711,"method":"workspace/executeCommand","params":{"command":"rm"}}', -32602),
    ],
)
def test_malformed_requests_are_answered(shared: Client, body: bytes, code: int) -> None:
    shared.send_raw(body)
    answer = shared.wait(lambda one: "error" in one)
    assert answer["error"]["code"] == code
    assert answer["id"] in (None, 4711)
    assert shared.open("a.py", "x = 1\n") == []


@pytest.mark.parametrize(
    "message",
    [
        {"method": "textDocument/didChange", "params": {"textDocument": {"uri": "file:///nowhere.py", "version": 2}}},
        {
            "method": "textDocument/didChange",
            "params": {
                "textDocument": {"uri": "file:///nowhere.py", "version": 2},
                "contentChanges": [insertion(0, 0, "x")],
            },
        },
        {"method": "textDocument/didChange", "params": None},
        {"method": "textDocument/didClose", "params": {"textDocument": {"uri": "file:///nowhere.py"}}},
        {"method": "textDocument/didOpen", "params": {"textDocument": {"uri": 1}}},
        {"method": "$/cancelRequest", "params": {"id": 999}},
        {"method": "$/cancelRequest", "params": {"id": []}},
        {"method": "$/somethingNew", "params": {}},
        {"method": "window/workDoneProgress/cancel", "params": {"token": "unknown"}},
        {"id": "server-99", "result": None},
        {"id": 5, "error": {"code": 1, "message": "no"}},
    ],
)
def test_odd_messages_are_survived(shared: Client, message: dict[str, Any]) -> None:
    shared.send(message)
    assert shared.open("a.py", "x = 1\n") == []


def test_odd_headers_are_survived(shared: Client) -> None:
    stdin = shared.process.stdin
    assert stdin is not None
    body = b'{"jsonrpc":"2.0","id":1,"method":"textDocument/nothing"}'
    stdin.write(
        b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:%d\r\n\r\n" % len(body) + body
    )
    stdin.flush()
    assert shared.wait(lambda one: "error" in one)["error"]["code"] == -32601


@pytest.mark.parametrize("text", ["", "\n", "\ufeffx = 1\n", "\x0c", "x = '\ud800'\n", "\0", "a\rb\r", "(" * 5_000])
def test_odd_texts_are_survived(shared: Client, text: str) -> None:
    shared.open("a.py", text)
    items = shared.change(shared.uri("a.py"), {"text": "x = load()\nif x == None: x = 1\n"})
    assert [item["code"] for item in items] == ["comparison-to-none"]


def test_ends_with_its_parent(folder: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    client = Client(folder)
    try:
        client.initialize(processId=parent.pid)
        parent.kill()
        parent.wait()
        assert client.process.wait(PATIENCE) == 1
    finally:
        assert parent.stdin is not None
        parent.stdin.close()
        client.close()


def test_ends_when_nobody_writes_any_more(client: Client) -> None:
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.process.wait(PATIENCE) == 1


def test_serves_one_client_on_a_port(folder: Path) -> None:
    command = [sys.executable, "-m", "backend_team.lsp", "--tcp", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ) as process:
        assert process.stderr is not None
        found = re.search(rb":(\d+)$", process.stderr.readline().strip())
        assert found
        with socket.create_connection(("127.0.0.1", int(found[1]))) as connection:
            body = b'{"jsonrpc":"2.0","id":1,"method":"shutdown"}'
            connection.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert b"-32002" in connection.recv(65_536)
        assert process.wait(PATIENCE) == 1


def test_nothing_of_the_workspace_is_executed(folder: Path) -> None:
    for name in ("yaml", "lsprotocol", "pygls", "multiprocessing", "concurrent", "signal", "json", "typing"):
        (folder / f"{name}.py").write_text("raise SystemExit('executed')\n")
    (folder / "a.py").write_text("x = load()\nif x == None: x = 1\n")
    arguments = [sys.executable, "-c", _IN_FOLDER, str(folder)]
    client = Client(folder, command=arguments)
    try:
        client.initialize()
        client.ready()
        assert client.diagnostics(client.uri("a.py"), None)
        assert client.finish() == 0
        assert b"executed" not in client.log
    finally:
        client.close()


# Python itself puts the folder it is started in first when it is told `-m`: what is named `runpy` there is not ours.
_IN_FOLDER = (
    "import os, runpy, sys; os.chdir(sys.argv.pop()); sys.path[0] = os.getcwd(); "
    "runpy.run_module('backend_team.lsp', run_name='__main__', alter_sys=True)"
)


def test_loads_nothing_heavy(folder: Path) -> None:
    """The server starts without the AI SDKs, LibCST, and any web framework."""
    heavy = ["anthropic", "openai", "libcst", "fastapi", "sqlalchemy", "httpx", "dbos", "diskcache"]
    program = f"import sys, backend_team.lsp.server; print([n for n in {heavy} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_large_messages_both_ways_at_once(client: Client) -> None:
    text = "".join(f"if v{n} == None: v{n} = 1\n" for n in range(1_000))
    for number in range(12):  # nothing is read meanwhile: 8 MB wait on either side
        uri = client.uri(f"{number}.py")
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text + "#" * 400_000}
        client.notify("textDocument/didOpen", {"textDocument": document})
    for number in range(12):
        assert len(client.diagnostics(client.uri(f"{number}.py"), 1)) == 1_000


async def test_nothing_begins_in_the_background_after_the_end() -> None:
    wire, session = build()
    begun: list[int] = []
    await wire.later(asyncio.to_thread(begun.append, 1), "in time")
    await wire.cancel_all()
    await wire.later(asyncio.to_thread(begun.append, 2), "too late")
    await session.aclose()
    assert begun == [1]
