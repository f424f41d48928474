"""The process: one per state folder, found through its files, started and replaced when needed, ended when idle."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from backend_team.client.embedded import connect, status, stop
from backend_team.errors import ApiError
from tests.hosted.conftest import PROCESS, Machine, alive, runs, until

if TYPE_CHECKING:
    from pathlib import Path


async def test_it_starts_in_seconds_with_private_files_and_stops(machine: Machine) -> None:
    started = time.monotonic()
    client = await machine.connect()
    assert time.monotonic() - started < 20  # 1.0 s on an idle machine
    assert client.url.startswith("http://127.0.0.1:")
    for name in ("key", "endpoint.json", "log", "lock"):
        assert stat.S_IMODE((machine.folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(machine.folder.stat().st_mode) == 0o700
    announced = json.loads((machine.folder / "endpoint.json").read_text())
    assert announced.keys() == {"url", "pid", "version"}
    pid = announced["pid"]
    assert pid == (await client.health())["pid"]
    await client.aclose()
    assert alive(pid)  # it outlives its client
    assert (await (await machine.connect()).health())["pid"] == pid

    assert await stop(machine.state)
    await until(lambda: not alive(pid), 10)
    assert not (machine.folder / "endpoint.json").exists()
    assert not await stop(machine.state)
    assert await status(machine.state) is None


async def test_clients_that_start_at_once_share_one_process(machine: Machine) -> None:
    """In one process and in several."""
    script = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from backend_team.client.embedded import connect\n"
        "async def main():\n"
        "    async with await connect(Path(sys.argv[1]), command=sys.argv[2:]) as client:\n"
        "        print((await client.health())['pid'])\n"
        "asyncio.run(main())\n"
    )
    others = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", script, str(machine.state), *machine.command], stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    clients = await asyncio.gather(*(machine.connect() for _ in range(3)))
    pids = {(await client.health())["pid"] for client in clients}
    for other in others:
        printed, _ = await asyncio.to_thread(other.communicate)
        pids.add(int(printed))
    assert len(pids) == 1


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        '{"url": "http://127.0.0.1:1", "pid": 1, "version": "0.1.0"}',
        '{"url": "http://evil.example", "pid": 1, "version": "0.1.0"}',
        '{"url": 5}',
        "\x00\xff",
    ],
)
async def test_a_wrong_endpoint_file_is_as_none(machine: Machine, content: str) -> None:
    machine.folder.mkdir()
    (machine.folder / "endpoint.json").write_text(content, "latin-1")
    assert await status(machine.state) is None


async def test_after_a_kill_the_files_that_are_left_mislead_nobody(machine: Machine) -> None:
    client = await machine.connect()
    killed = await machine.kill()
    with socket.socket() as taken:  # another program listens on the old port by now
        port = int(client.url.rpartition(":")[2])
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        await until(lambda: _bound(taken, port))  # threads of the killed process may hold it for a moment
        assert await status(machine.state) is None
        again = await machine.connect()
        assert (await again.health())["pid"] != killed
        assert (await client.health())["pid"] == (await again.health())["pid"]


async def test_a_key_file_that_is_no_key_is_renewed_and_the_old_key_is_worth_nothing(machine: Machine) -> None:
    old = await machine.connect()
    key = machine.folder / "key"
    before = key.read_text()
    await stop(machine.state)
    key.write_text("abt_nonsense\n")
    new = await machine.connect()
    assert key.read_text() not in (before, "abt_nonsense\n")
    assert (await new.usage())["plan"] == "enterprise"
    assert (await old.usage())["plan"] == "enterprise"  # it reads the files again
    active = machine.rows("SELECT count(*) FROM api_keys WHERE is_active")
    assert active == [(1,)]


async def test_the_plan_of_the_machine_can_be_chosen(machine: Machine) -> None:
    machine.plan = "starter"
    assert (await (await machine.connect()).usage())["plan"] == "starter"


async def test_a_second_process_on_the_folder_is_refused(shared_machine: Machine) -> None:
    second = await asyncio.to_thread(
        subprocess.run,
        [*shared_machine.command, "--state", str(shared_machine.state)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 2
    assert "error: another process serves" in second.stderr
    assert "api stop" in second.stderr
    assert await status(shared_machine.state)


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, str(PROCESS), "--state", str(tmp_path), "--port", str(port)]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"error: port {port} of 127.0.0.1 can't be used" in done.stderr
    assert "--port 0" in done.stderr


async def test_what_does_not_start_says_why(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; sys.exit('no disk left')")
    with pytest.raises(ApiError, match="ended with code 1") as failed:
        await connect(tmp_path, command=command)
    assert "no disk left" in (failed.value.hint or "")


@pytest.mark.parametrize("name", ["store.sqlite", "engine.sqlite"])
async def test_a_damaged_database_is_named(machine: Machine, name: str) -> None:
    machine.folder.mkdir()
    (machine.folder / name).write_bytes(b"not a database" * 100)
    with pytest.raises(ApiError) as refused:
        await machine.connect()
    hint = str(refused.value.hint)
    assert f"{machine.folder / name} can't be used: file is not a database" in hint
    assert "Traceback" not in hint
    assert await status(machine.state) is None


@pytest.mark.parametrize("name", ["", "log", "starting.lock"])
async def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path, name: str) -> None:
    if name:
        (tmp_path / "api" / name).mkdir(parents=True)
    else:
        (tmp_path / "api").touch()
    with pytest.raises(ApiError, match=r"folder of the hosted API, .*, can't be used"):
        await connect(tmp_path)


async def test_an_older_version_is_replaced(machine: Machine) -> None:
    client = await machine.connect()
    pid = (await client.health())["pid"]
    file = machine.folder / "endpoint.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "version": "0.0.1"}))
    newer = await machine.connect()
    assert (await newer.health())["pid"] != pid
    await until(lambda: not alive(pid), 10)


async def test_it_ends_when_idle(machine: Machine) -> None:
    machine.arguments = ("--idle-minutes", "0.02")
    await machine.connect()
    pid = (await machine.running()).pid
    await until(lambda: not alive(pid))
    assert not (machine.folder / "endpoint.json").exists()


async def test_it_is_not_idle_while_something_runs(machine: Machine) -> None:
    machine.arguments = ("--idle-minutes", "0.01")
    client, folder = await machine.connect(), await machine.work()
    started = (await client.execute("diamond", {"folder": str(folder)}))["execution_id"]
    pid = (await machine.running()).pid
    await until(lambda: "2" in runs(folder))
    deadline = time.monotonic() + 2  # three times as long as it may be idle
    await until(lambda: time.monotonic() > deadline)
    assert alive(pid)
    (folder / "go").touch()
    await until(lambda: not alive(pid))
    end = machine.rows("SELECT status FROM template_executions WHERE id = ?", started)
    assert end == [("completed",)]


async def test_a_signal_ends_it_while_a_client_follows(machine: Machine) -> None:
    client, folder = await machine.connect(), await machine.work()
    started = (await client.execute("diamond", {"folder": str(folder)}))["execution_id"]
    stream = client.follow(started)
    assert (await anext(stream)).sequence == 1
    pid = (await machine.running()).pid
    os.kill(pid, signal.SIGTERM)
    await until(lambda: not alive(pid), 20)
    (folder / "go").touch()
    rest = [event async for event in stream]
    assert rest[-1].kind == "end"
    assert rest[-1].data["status"] == "completed"


def _bound(taken: socket.socket, port: int) -> bool:
    try:
        taken.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
