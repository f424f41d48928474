"""Several processes on one store, as a team runs them: what a dead one left is taken over by another."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from typing import TYPE_CHECKING

import httpx

from backend_team.client.api import ApiClient
from backend_team.errors import ApiError
from tests.hosted.conftest import PROCESS, finished, runs, until

if TYPE_CHECKING:
    from pathlib import Path


async def serve(state: Path) -> tuple[Process, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROCESS), "--state", str(state), "--lease-seconds", "5", stdout=PIPE
    )
    assert process.stdout
    line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    return process, line.removeprefix("listening on ").strip()


async def test_the_work_of_a_dead_process_is_taken_over_by_a_living_one(tmp_path: Path) -> None:
    first, first_url = await serve(tmp_path)
    second, second_url = await serve(tmp_path)
    try:
        # backend-team: ignore[unverified-certificate] plain HTTP to this machine
        async with httpx.AsyncClient(verify=False, trust_env=False) as http:
            body = {"email": "team@example.org", "password": "correct horse", "plan": "starter"}
            key = (await http.post(f"{first_url}/v1/auth/register", json=body)).json()["api_key"]
        async with ApiClient(first_url, key) as one, ApiClient(second_url, key) as two:
            refused = None
            try:
                await one.execute("diamond", {"folder": str(tmp_path)}, str(tmp_path / "new"))
            except ApiError as error:
                refused = error.type
            assert refused == "destination-refused"  # the folder of a server is not the client's

            left = (await one.execute("diamond", {"folder": str(tmp_path)}))["execution_id"]
            kept_folder = tmp_path / "kept"
            kept_folder.mkdir()
            kept = (await two.execute("diamond", {"folder": str(kept_folder)}))["execution_id"]
            await until(lambda: "2" in runs(tmp_path) and "2" in runs(kept_folder))

            # A cancellation reaches the process that runs it, whichever was asked.
            cancelled_folder = tmp_path / "cancelled"
            cancelled_folder.mkdir()
            cancelled = (await one.execute("diamond", {"folder": str(cancelled_folder)}))["execution_id"]
            await until(lambda: "2" in runs(cancelled_folder))
            await two.cancel(cancelled)
            assert (await finished(two, cancelled))["status"] == "cancelled"

            os.kill(first.pid, signal.SIGKILL)
            await until(lambda: runs(tmp_path).count("2") == 2, 30)
            for folder in (tmp_path, kept_folder):
                (folder / "go").touch()
            assert (await finished(two, left))["status"] == "completed"
            assert (await finished(two, kept))["status"] == "completed"
            assert runs(kept_folder).count("2") == 1  # a living one's work is left alone
            assert runs(tmp_path).count("1") == runs(tmp_path).count("4") == 1
            assert (await two.usage())["template_executions"]["used"] == 2

        # A shared service limits an account to what its plan allows a minute.
        # backend-team: ignore[unverified-certificate] plain HTTP to this machine
        async with httpx.AsyncClient(verify=False, trust_env=False) as http:
            body = {"email": "eager@example.org", "password": "correct horse"}
            key = (await http.post(f"{second_url}/v1/auth/register", json=body)).json()["api_key"]
            answers: list[httpx.Response] = []
            while not answers or (answers[-1].status_code == 200 and len(answers) < 300):
                answers.append(await http.get(f"{second_url}/v1/usage", headers={"X-API-Key": key}))
        assert len(answers) > 60
        assert answers[0].headers["ratelimit-policy"] == '"requests";q=60;w=60'
        limited = answers[-1]
        assert limited.status_code == 429
        assert limited.json()["type"].endswith(":rate-limited")
        assert int(limited.headers["retry-after"]) == 1
    finally:
        for process in (first, second):
            if process.returncode is None:
                process.terminate()
            await asyncio.wait_for(process.communicate(), 20)
