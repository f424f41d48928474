"""What survives: executions are resumed by the next process, run to their end once, and are charged once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from backend_team.client.embedded import stop
from tests.hosted.conftest import Machine, finished, runs, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from backend_team.client.api import ApiClient
    from backend_team.client.events import Event


async def kill(machine: Machine) -> None:
    await machine.kill()


async def stop_gracefully(machine: Machine) -> None:
    assert await stop(machine.state)


async def follow(client: ApiClient, execution_id: str) -> list[Event]:
    return [event async for event in client.follow(execution_id)]


def charges(machine: Machine, execution_id: str) -> int:
    return int(machine.rows("SELECT count(*) FROM usage_events WHERE reference = ?", execution_id)[0][0])


@pytest.mark.parametrize("interrupt", [kill, stop_gracefully])
async def test_an_interrupted_execution_is_resumed_and_ends_once(
    machine: Machine, interrupt: Callable[[Machine], Awaitable[None]]
) -> None:
    client, folder = await machine.connect(), await machine.work()
    started = (await client.execute("diamond", {"folder": str(folder)}, idempotency_key="k"))["execution_id"]
    following = asyncio.create_task(follow(client, started))
    await until(lambda: "2" in runs(folder) and _completed(machine, "3"))
    await interrupt(machine)
    await until(lambda: runs(folder).count("2") == 2)
    again = await client.execute("diamond", {"folder": str(folder)}, idempotency_key="k")
    (folder / "go").touch()
    events = await asyncio.wait_for(following, 30)

    assert again["execution_id"] == started
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.kind for event in events].count("end") == 1
    assert events[-1].data["status"] == "completed"
    assert events[-1].data["result"]["answer"] == "waited three!!"
    assert {step: runs(folder).count(step) for step in "1234"} == {"1": 1, "2": 2, "3": 1, "4": 1}
    pids = {line.split()[2] for line in (folder / "runs").read_text().splitlines()}
    assert len(pids) == 2
    assert runs(folder, "stopped") == ([] if interrupt is kill else ["2"])
    assert charges(machine, started) == 1
    assert (await client.usage())["template_executions"]["used"] == 1
    assert machine.rows("SELECT attempts FROM execution_steps ORDER BY position") == [(1,), (2,), (1,), (1,)]


async def test_killed_at_any_moment_it_ends_once(machine: Machine) -> None:
    """The process is killed again and again, whenever the execution has made another step forward."""
    client, folder = await machine.connect(), await machine.work()
    (folder / "go").touch()
    started = (await client.execute("diamond", {"folder": str(folder)}))["execution_id"]
    for events in (2, 7):
        await until(lambda: machine.rows("SELECT count(*) FROM execution_events")[0][0] >= events)  # noqa: B023
        await machine.kill()
        await client.health()
    end = await finished(client, started)
    assert end["status"] == "completed"
    assert end["result"]["answer"] == "waited three!!"
    assert charges(machine, started) == 1
    numbers = [number for (number,) in machine.rows("SELECT sequence FROM execution_events ORDER BY sequence")]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_what_was_accepted_but_not_started_is_started(machine: Machine) -> None:
    client, folder = await machine.connect(), await machine.work()
    (folder / "go").touch()
    started = (await client.execute("diamond", {"folder": str(folder)}))["execution_id"]
    await finished(client, started)
    await machine.kill()
    _forget_workflow(machine.folder / "engine.sqlite", machine.folder / "store.sqlite", started)
    assert (await finished(client, started))["status"] == "completed"
    assert charges(machine, started) == 1


async def test_a_cancellation_survives_a_kill(machine: Machine) -> None:
    client, folder = await machine.connect(), await machine.work()
    started = (await client.execute("diamond", {"folder": str(folder)}))["execution_id"]
    await until(lambda: "2" in runs(folder) and list(folder.glob("created-*")))
    await machine.kill()
    # Written by a request whose process was killed before it could act on it.
    _write(machine.folder / "store.sqlite", "UPDATE template_executions SET cancel_requested = 1")
    end = await finished(client, started)
    assert end["status"] == "cancelled"
    assert runs(folder).count("2") == 1
    assert list(folder.glob("created-*")) == []
    assert charges(machine, started) == 0


async def test_a_template_that_changed_meanwhile_fails_the_run_and_cleans_up(machine: Machine) -> None:
    client, folder = await machine.connect(), await machine.work()
    started = (await client.execute("diamond", {"folder": str(folder)}))["execution_id"]
    await until(lambda: "2" in runs(folder) and list(folder.glob("created-*")))
    await machine.kill()
    _write(machine.folder / "store.sqlite", "UPDATE template_executions SET template_version = '0.9.0'")
    end = await finished(client, started)
    assert end["status"] == "failed"
    assert "changed from 0.9.0 to 1.0.0" in end["error_message"]
    assert list(folder.glob("created-*")) == []


def _completed(machine: Machine, step: str) -> bool:
    return machine.rows("SELECT status FROM execution_steps WHERE step_id = ?", step) == [("completed",)]


def _write(database: Path, *statements: str) -> None:
    import sqlite3

    connection = sqlite3.connect(database)
    connection.execute("PRAGMA foreign_keys = ON")
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def _forget_workflow(engine: Path, store: Path, execution_id: str) -> None:
    """As if the process had been killed between taking the execution and starting it."""
    for table in ("operation_outputs", "workflow_status"):
        _write(engine, f"DELETE FROM {table} WHERE workflow_uuid = '{execution_id}'")
    _write(
        store,
        "DELETE FROM execution_events",
        "DELETE FROM usage_events",
        "UPDATE execution_steps SET status = 'pending', output = NULL",
        "UPDATE template_executions SET status = 'queued', result_data = NULL, end_time = NULL",
    )
