"""Places that can't be looked at, or not any more: one of them hides no change elsewhere, and none lasts."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from tests.protocol.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NONE = "x = load()\nif x == None:\n    pass\n"
TWICE = f"{NONE}if None == x:\n    pass\n"
# Root may look everywhere: without these rights it is like anybody else.
AS_ANYBODY = ["setpriv", *(f"--{kind}=-dac_override,-dac_read_search" for kind in ("bounding-set", "inh-caps"))]


@pytest.fixture
def begin(folder: Path) -> Iterator[Callable[[], Client]]:
    """Start a server that may not look everywhere."""
    clients: list[Client] = []

    def started() -> Client:
        prefix: list[str] = []
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            if shutil.which("setpriv") is None:
                pytest.skip("root can't give up its rights here")
            prefix = AS_ANYBODY
        client = Client(folder, command=[*prefix, sys.executable, "-m", "backend_team.lsp"])
        clients.append(client)
        client.initialize()
        client.ready()
        return client

    yield started
    for client in clients:
        try:
            assert client.finish() == 0
            assert b"Traceback" not in client.log, client.log.decode()
            assert not [one for one in client.unread if one.get("method") == "window/showMessage"]
        finally:
            client.close()


def found(client: Client, name: str) -> int:
    """How many findings are published next for a closed file."""
    return len(client.diagnostics(client.uri(name), None))


def test_a_locked_folder_hides_no_change_elsewhere(folder: Path, begin: Callable[[], Client]) -> None:
    (folder / "locked").mkdir()
    (folder / "locked" / "b.py").write_text(NONE)
    client = begin()
    assert found(client, "locked/b.py") == 1
    (folder / "locked" / "b.py").write_text(TWICE)
    (folder / "locked").chmod(0)
    (folder / "a.py").write_text(NONE)
    assert found(client, "a.py") == 1
    client.notify("textDocument/didOpen", _opened(client.uri("locked/b.py"), NONE))
    assert len(client.diagnostics(client.uri("locked/b.py"), 1)) == 1
    client.notify("textDocument/didClose", {"textDocument": {"uri": client.uri("locked/b.py")}})
    assert found(client, "locked/b.py") == 0
    (folder / "locked").chmod(0o755)
    assert found(client, "locked/b.py") == 2


def test_a_file_that_may_be_read_again(folder: Path, begin: Callable[[], Client]) -> None:
    (folder / "a.py").write_text(NONE)
    (folder / "a.py").chmod(0)
    client = begin()
    (item,) = client.diagnostics(client.uri("a.py"), None)
    assert item["code"] == "unreadable"
    (folder / "a.py").chmod(0o644)
    (item,) = client.diagnostics(client.uri("a.py"), None)
    assert item["code"] == "comparison-to-none"


@pytest.mark.parametrize("name", ["x" * 300 + ".py", "a%00b.py"])
def test_a_name_that_no_file_can_have(folder: Path, begin: Callable[[], Client], name: str) -> None:
    (folder / "a.py").write_text("")
    client = begin()
    odd = f"{folder.as_uri()}/{name}"
    for uri in (odd, client.uri("a.py")):
        client.notify("textDocument/didOpen", _opened(uri, NONE))
        assert len(client.diagnostics(uri, 1)) == 1
    for uri in (odd, client.uri("a.py")):
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert client.diagnostics(odd, None) == []
    assert found(client, "a.py") == 0
    (folder / "a.py").write_text(NONE)
    changed = [{"uri": uri, "type": 2} for uri in (odd, client.uri("a.py"))]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changed})
    assert found(client, "a.py") == 1


@pytest.mark.parametrize("way", ["removed", "moved"])
def test_a_folder_of_the_workspace_that_comes_back_is_watched(
    folder: Path, begin: Callable[[], Client], way: str
) -> None:
    (folder / "a.py").write_text(NONE)
    client = begin()
    assert found(client, "a.py") == 1
    if way == "removed":
        shutil.rmtree(folder)
    else:
        folder.rename(folder.with_name("elsewhere"))
    assert found(client, "a.py") == 0
    folder.mkdir()
    (folder / "a.py").write_text(TWICE)
    assert found(client, "a.py") == 2
    (folder / "a.py").write_text(NONE)
    assert found(client, "a.py") == 1


def _opened(uri: str, text: str) -> dict[str, object]:
    return {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": text}}
