"""The server on a port: a whole session, and addresses where nobody can listen."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.protocol.client import PATIENCE, Client, insertion

if TYPE_CHECKING:
    from pathlib import Path

SERVER = [sys.executable, "-X", "dev", "-W", "error", "-m", "backend_team.lsp"]
KEYS = "totals: dict[str, int] = {}\nfor name in totals.keys():\n    print(name)\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", ""])
def test_a_whole_session(folder: Path, host: str) -> None:
    if host == "[::1]" and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    (folder / "closed.py").write_text(KEYS)
    client = Client(folder, command=[*SERVER, "--tcp", f"{host}:0"], tcp=True)
    try:
        client.initialize()
        client.ready()
        assert len(client.diagnostics(client.uri("closed.py"), None)) == 1
        assert len(client.open("a.py", KEYS)) == 1
        uri = client.uri("a.py")
        assert len(client.change(uri, insertion(0, 0, "# typed\n"))) == 1
        (fix, *_) = client.actions(uri, 2, 15)
        client.apply(client.request("codeAction/resolve", fix)["edit"])
        assert client.diagnostics(uri, 3) == []
        assert client.texts[uri] == "# typed\n" + KEYS.replace(".keys()", "")
        big = "".join(f"if v{n} == None: v{n} = 1\n" for n in range(3_000))
        assert len(client.open("big.py", big)) == 3_000
        assert client.execute("backendTeam.server.checkWorkspace", {})["files"] == 1
        while client.notification("$/progress")["value"]["kind"] != "end":
            pass
        assert client.finish() == 0
        left = [one for one in client.left() if one.get("method") not in ("backendTeam/status", "backendTeam/usage")]
        assert not [one for one in left if one.get("method") != "textDocument/publishDiagnostics"]
        assert b"Traceback" not in client.log, client.log.decode()
    finally:
        client.close()


def test_a_client_that_hangs_up_ends_it(folder: Path) -> None:
    client = Client(folder, command=[*SERVER, "--tcp", "127.0.0.1:0"], tcp=True)
    try:
        client.initialize()
        client.ready()
        client.hang_up()
        assert client.process.wait(PATIENCE) == 1
        assert b"Traceback" not in client.log, client.log.decode()
    finally:
        client.close()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1", "HOST:PORT is wanted"),
        ("127.0.0.1:http", "HOST:PORT is wanted"),
        ("127.0.0.1:65536", "HOST:PORT is wanted"),
        ("::1:0", "an IPv6 address is written in brackets"),
        ("nowhere.invalid:0", ""),
        ("[::zz]:0", ""),
        ("192.0.2.1:0", "Cannot assign requested address"),
        (f"{'a' * 70}.invalid:0", ""),
    ],
)
def test_an_address_where_nobody_can_listen(address: str, said: str) -> None:
    _refused(address, said)


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        _refused(f"127.0.0.1:{taken.getsockname()[1]}", "Address already in use")


def _refused(address: str, said: str) -> None:
    """One line, exit code 2."""
    done = subprocess.run([*SERVER, "--tcp", address], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"error: --tcp {address}: {said}")


def _has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False
