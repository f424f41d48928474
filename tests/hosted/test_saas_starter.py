"""The journey of a template with everything real: from the client to an application that answers, and away again."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from backend_team.client.embedded import connect, status, stop
from tests.hosted.conftest import alive, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from backend_team.client.api import ApiClient

INPUTS = {"app_name": "Night Owls", "admin_email": "anna@example.com", "features": ["api_tokens"]}


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[ApiClient]:
    """A client of the embedded API as it is shipped; ended with its deployments."""
    async with await connect(tmp_path / "state") as made:
        yield made
    await stop(tmp_path / "state")


async def test_the_journey_survives_what_happens_to_the_process(client: ApiClient, tmp_path: Path) -> None:
    state, destination = tmp_path / "state", tmp_path / "night-owls"
    plan = await client.plan("saas-starter", INPUTS)
    commands = ["generate_files", "run_tests", "deploy_application", "verify_health"]
    assert [step["command"] for step in plan["steps"]] == commands

    # Killed while the application's tests run, the execution is resumed and finishes once.
    started = (await client.execute("saas-starter", INPUTS, str(destination)))["execution_id"]
    events, killed = [], 0
    async for event in client.follow(started):
        events.append(event)
        if event.kind == "status" and not killed and event.data["current_step"] == "Run Tests":
            killed = (await client.health())["pid"]
            os.kill(killed, signal.SIGKILL)
    assert killed
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    end, messages = events[-1].data, [event.data["message"] for event in events if event.kind == "log"]
    assert end["status"] == "completed", end["error_message"]
    assert sum("resumed" in message for message in messages) == 1
    assert "password" not in str(messages).lower()
    assert (await client.usage())["template_executions"] == {"used": 1, "included": 3}

    # What was planned is there and answers.
    written = {str(file.relative_to(destination)) for file in destination.rglob("*") if file.is_file()}
    assert set(plan["files"]) <= written
    url = end["result"]["app_url"]
    assert (await get(f"{url}/health")).status_code == 200
    assert "Night Owls" in (await get(url)).text
    [deployment] = await client.deployments()
    assert (deployment["name"], deployment["status"], deployment["url"]) == ("Night Owls", "running", url)
    assert deployment["id"] == end["result"]["deployment_id"]
    pid = process_of(state, deployment["id"])

    # The application outlives the process that deployed it, and the next one supervises it again.
    os.kill((await client.health())["pid"], signal.SIGKILL)
    assert (await get(f"{url}/health")).status_code == 200
    await until_running(client, deployment["id"])
    assert process_of(state, deployment["id"]) == pid
    assert alive(pid)

    # Ended gracefully the API takes its applications along, and the next one brings them back.
    assert await stop(state)
    await until(lambda: not alive(pid), 10)
    again = await until_running(client, deployment["id"])
    assert (await get(f"{again['url']}/health")).status_code == 200
    pid = process_of(state, deployment["id"])

    # Removed it is gone, however often that is asked for.
    await client.remove_deployment(deployment["id"])
    await client.remove_deployment(deployment["id"])
    assert not alive(pid)
    assert await client.deployments() == []
    assert (await client.deployment(deployment["id"]))["status"] == "removed"
    assert await stop(state)
    assert await status(state) is None


async def test_cancelled_while_its_tests_run_nothing_is_left(client: ApiClient, tmp_path: Path) -> None:
    destination = tmp_path / "night-owls"
    started = (await client.execute("saas-starter", INPUTS, str(destination)))["execution_id"]
    async for event in client.follow(started):
        if event.kind == "status" and event.data["current_step"] == "Run Tests" and not event.data["ended_at"]:
            await client.cancel(started)
    end = await client.execution(started)
    assert end["status"] == "cancelled"
    assert [step["status"] for step in end["steps"]] == ["completed", "cancelled", "skipped", "skipped"]
    assert not destination.exists() or not any(destination.iterdir())
    assert await client.deployments() == []
    assert (await client.usage())["template_executions"]["used"] == 0


async def get(url: str) -> httpx.Response:
    # backend-team: ignore[unverified-certificate] plain HTTP to this machine
    async with httpx.AsyncClient(timeout=20, trust_env=False, verify=False) as client:
        return await client.get(url)


def process_of(state: Path, deployment_id: str) -> int:
    """The pid of a deployed application, as it wrote it itself."""
    return int((state / "api" / "deployments" / deployment_id / "process.pid").read_text().split()[0])


async def until_running(client: ApiClient, deployment_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 30
    while (found := await client.deployment(deployment_id))["status"] != "running":
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.05)
    return found
