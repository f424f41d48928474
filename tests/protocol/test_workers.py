"""Worker processes that die or hang: real ones, killed and stopped from outside."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.protocol.client import Client, Refused
from tests.protocol.workers import Sabotage, busy_for, resume, stopped, until, workers_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in /proc")

NONE = "x = load()\nif x == None: x = 1\n"
OTHER = "x = load()\nif x != None: x = 1\n"
SHOWN = "window/showMessage"


def started(folder: Path, **environment: str) -> Client:
    client = Client(folder, environment)
    client.initialize()
    client.ready()
    return client


def test_a_file_that_ends_its_worker_keeps_its_findings_and_is_named_once(folder: Path) -> None:
    path = folder / "orders.py"
    path.write_text(NONE)
    client = started(folder)
    try:
        assert len(client.diagnostics(client.uri("orders.py"), None)) == 1
        with Sabotage(client.process, signal.SIGKILL) as sabotage:
            path.write_text(OTHER)
            said = client.notification(SHOWN)
            assert said["type"] == 2
            assert "orders.py is left out: checking it ended its process" in said["message"]
            assert client.execute("backendTeam.server.checkWorkspace", {})["findings"] == 1
        assert len(sabotage.hit) >= 4
        path.write_text(NONE + OTHER)
        assert len(client.diagnostics(client.uri("orders.py"), None)) == 2
        assert client.finish() == 0
        left = [one for one in client.left() if one.get("method") in (SHOWN, "textDocument/publishDiagnostics")]
        assert not left, "the findings were cleared, or the person was told twice"
        assert client.log.count(b"orders.py is left out") == 1
        assert b"Traceback" not in client.log, client.log.decode()
    finally:
        client.close()


def test_one_file_among_many_that_ends_its_worker_costs_no_other(folder: Path) -> None:
    """The large one is killed whenever it is being worked on; the others are checked."""
    for number in range(8):
        (folder / f"m{number}.py").write_text(NONE)
    (folder / "huge.py").write_text("def f(a):\n    return [a, {'b': (a, a + 1)}]\n\n" * 40_000)
    client = Client(folder)
    try:
        client.initialize()
        hit = set()

        def killed() -> bool:
            for process, idle in workers_of(client.process):
                if idle and process not in hit and busy_for(process) > 2.0:  # a start and eight short files take less
                    hit.add(process)
                    os.kill(process, signal.SIGKILL)
            return b"huge.py is left out" in client.log

        until(killed, 60)
        for number in range(8):
            assert len(client.diagnostics(client.uri(f"m{number}.py"), None)) == 1
        assert "huge.py" in client.notification(SHOWN)["message"]
        client.ready()
        assert client.finish() == 0
    finally:
        client.close()


def test_a_worker_that_hangs_is_ended_and_its_file_left_out(folder: Path) -> None:
    path = folder / "orders.py"
    path.write_text(NONE)
    client = started(folder, BACKEND_TEAM_WORKER_PATIENCE="2")
    sabotage = Sabotage(client.process, signal.SIGSTOP)
    try:
        assert len(client.diagnostics(client.uri("orders.py"), None)) == 1
        with sabotage:
            path.write_text(OTHER)
            assert "orders.py is left out: checking it took longer than 2 s" in client.notification(SHOWN)["message"]
        until(lambda: sabotage.hit - {process for process, _ in workers_of(client.process)})
        resume(sabotage.hit)  # those that had nothing to do
        path.write_text(NONE + OTHER)
        assert len(client.diagnostics(client.uri("orders.py"), None)) == 2
        assert client.finish() == 0
        assert not [one for one in client.left() if one.get("method") in (SHOWN, "textDocument/publishDiagnostics")]
    finally:
        resume(sabotage.hit)
        client.close()


def test_a_fix_that_hangs_doesn_t_hold_up_the_next(folder: Path) -> None:
    client = started(folder, BACKEND_TEAM_WORKER_PATIENCE="6")
    try:
        client.open("a.py", NONE)
        uri = client.uri("a.py")
        (fix, *_) = client.actions(uri, 1, 3)
        assert client.request("codeAction/resolve", fix)["edit"]
        (process,) = [process for process, idle in workers_of(client.process) if not idle]
        with stopped(process):
            begun = time.monotonic()
            hanging, waiting = (client.start_request("codeAction/resolve", fix) for _ in range(2))
            with pytest.raises(Refused, match="took longer than 6 seconds") as refused:
                client.answer(hanging)
            assert refused.value.code == -32803
            assert client.answer(waiting)["edit"]
        assert time.monotonic() - begun < 25
        assert client.finish() == 0
        assert b"Traceback" not in client.log, client.log.decode()
    finally:
        client.close()


def test_whoever_gives_up_a_fix_leaves_its_worker_to_the_next(folder: Path) -> None:
    """A cancelled request is answered at once; a job that goes on long after is ended, for others wait."""
    client = started(folder)
    try:
        client.open("a.py", NONE)
        (fix, *_) = client.actions(client.uri("a.py"), 1, 3)
        assert client.request("codeAction/resolve", fix)["edit"]
        (process,) = [process for process, idle in workers_of(client.process) if not idle]
        with stopped(process):
            hanging = client.start_request("codeAction/resolve", fix)
            client.actions(client.uri("a.py"), 1)  # answered after the other was given to its worker
            client.notify("$/cancelRequest", {"id": hanging})
            with pytest.raises(Refused) as refused:
                client.answer(hanging)
            assert refused.value.code == -32800
            assert client.request("codeAction/resolve", fix)["edit"]
        assert client.finish() == 0
        assert b"Traceback" not in client.log, client.log.decode()
    finally:
        client.close()


def test_a_quick_fix_does_not_wait_for_a_whole_document(folder: Path) -> None:
    client = started(folder)
    try:
        client.open("a.py", "import os\n" + NONE)
        uri = client.uri("a.py")
        (whole,) = client.actions(uri, 0, only=["source.fixAll"])
        assert client.request("codeAction/resolve", whole)["edit"]
        (process,) = [process for process, idle in workers_of(client.process) if not idle]
        with stopped(process):
            hanging = client.start_request("codeAction/resolve", whole)
            (fix, *_) = client.actions(uri, 2, 3)
            assert client.request("codeAction/resolve", fix)["edit"]
            client.notify("$/cancelRequest", {"id": hanging})
            with pytest.raises(Refused):
                client.answer(hanging)
        assert client.finish() == 0
        assert b"Traceback" not in client.log, client.log.decode()
    finally:
        client.close()
