"""The local provider with real processes: healthy, dying, adopted, removed, in each other's way."""

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
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest

from backend_team.errors import StepError
from backend_team.hosted.providers.local import Deployed, LocalProvider
from backend_team.hosted.providers.processes import Identity, alive, started
from tests.templates.conftest import PACE, Changes, processes_in, until

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVER = Path(__file__).with_name("server.py")


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    folder = tmp_path / "snapshot"
    folder.mkdir()
    (folder / "server.py").write_bytes(SERVER.read_bytes())
    (folder / "Procfile").write_text("# how it starts\nrelease: nothing\nweb: python server.py --port $PORT\n")
    (folder / "requirements.txt").write_text("# nothing\n")
    return folder


class Case:
    """One deployment of the small application."""

    def __init__(self, provider: LocalProvider, snapshot: Path) -> None:
        self.id = str(uuid4())
        self.provider = provider
        self.snapshot = snapshot
        self.lines: list[str] = []

    @property
    def folder(self) -> Path:
        return self.provider.folder_of(self.id)

    async def deploy(self, environment: Mapping[str, str] | None = None) -> Deployed:
        return await self.provider.deploy(
            self.id, "Small", self.snapshot, environment or {}, lambda _level, line: self.lines.append(line)
        )


@pytest.fixture
def case(provider: LocalProvider, snapshot: Path) -> Case:
    return Case(provider, snapshot)


async def ask(url: str, path: str = "/health") -> dict[str, object]:
    async with httpx.AsyncClient(trust_env=False) as client:
        return dict((await client.get(url + path)).json())


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


async def test_deploy_and_remove(case: Case, changes: Changes) -> None:
    deployed = await case.deploy()
    answer = await ask(deployed.url)
    assert answer["pid"] == deployed.reference["pid"]
    assert deployed.reference["name"] == "Small"
    assert deployed.reference["provider"] == "local"
    assert changes.statuses == ["deploying", "running"]
    await case.provider.remove(case.id, deployed.reference)
    assert changes.statuses == ["deploying", "running", "removed"]
    assert not case.folder.exists()
    assert processes_in(case.folder) == []
    await case.provider.remove(case.id, deployed.reference)  # nothing is there: nothing happens


async def test_the_application_gets_nothing_of_ours(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "BACKEND_TEAM_OPENAI_KEY", "AWS_SECRET_ACCESS_KEY", "PYTHONPATH"):
        monkeypatch.setenv(name, "secret of ours")
    answer = await ask((await case.deploy({"OWN": "value"})).url)
    environment = answer["environment"]
    assert isinstance(environment, dict)
    assert "secret of ours" not in environment.values()
    expected = {
        "PATH",
        "LANG",
        "HOME",
        "HOST",
        "PORT",
        "VIRTUAL_ENV",
        "PYTHONUNBUFFERED",
        "DATABASE_URL",
        "SECRET_KEY",
        "OWN",
    }
    assert environment.keys() - {"LC_CTYPE", "PWD", "OLDPWD", "SHLVL", "_"} == expected
    assert environment["HOME"] == str(case.folder / "data")


async def test_secrets_are_for_the_owner_only(case: Case) -> None:
    deployed = await case.deploy({"OWN": "value"})
    kept = json.loads((case.folder / "environment.json").read_text())
    assert stat.S_IMODE((case.folder / "environment.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(case.folder.stat().st_mode) == 0o700
    assert kept["SECRET_KEY"] not in json.dumps(deployed.reference)


async def test_deploying_again_changes_nothing(case: Case) -> None:
    first = await case.deploy({"OWN": "one"})
    again = await case.deploy({"OWN": "two"})
    assert again == first
    assert (await ask(first.url))["environment"]["OWN"] == "one"  # type: ignore[index]


async def test_killed_it_comes_back_at_the_same_address(case: Case, changes: Changes) -> None:
    deployed = await case.deploy()
    kill(deployed.reference["pid"])
    await until(lambda: changes.statuses.count("running") == 2)
    answer = await ask(deployed.url)
    assert answer["pid"] != deployed.reference["pid"]
    assert changes[-1][2]["restarts"] == 1


async def test_children_of_a_killed_application_go_with_it(case: Case, changes: Changes) -> None:
    deployed = await case.deploy({"MODE": "parent"})
    child = int(str((await ask(deployed.url))["child"]))
    assert started(child)
    kill(deployed.reference["pid"])
    await until(lambda: not started(child))
    await until(lambda: changes.statuses.count("running") == 2)


async def test_dying_again_and_again_it_has_failed(case: Case, changes: Changes) -> None:
    deployed = await case.deploy()
    (case.folder / "data" / "crash").touch()
    kill(deployed.reference["pid"])
    await until(lambda: "failed" in changes.statuses)
    error = changes[-1][2]["error"]
    assert error.startswith("ended 4 times")
    assert "the reason of the crash" in error
    assert processes_in(case.folder) == []


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("crash", "the application ended at its start; the end of its log:\nthe reason of the crash"),
        ("ill", "the application did not become healthy in 1 s (/health: it answered 503)"),
    ],
)
async def test_never_healthy(mode: str, said: str, case: Case, tmp_path: Path, changes: Changes) -> None:
    case.provider = LocalProvider(
        tmp_path / "hasty", changes.note, replace(PACE, healthy_within=1.0 if mode == "ill" else 20)
    )
    with pytest.raises(StepError) as caught:
        await case.deploy({"MODE": mode})
    assert said in caught.value.message
    assert changes.statuses == ["deploying", "failed"]
    assert processes_in(tmp_path) == []


async def test_without_a_procfile(case: Case) -> None:
    (case.snapshot / "Procfile").unlink()
    with pytest.raises(StepError) as caught:
        await case.deploy()
    assert caught.value.hint == 'its Procfile has no line "web: …"'


async def test_an_application_that_will_not_go_is_killed(snapshot: Path, tmp_path: Path, changes: Changes) -> None:
    provider = LocalProvider(tmp_path / "d", changes.note, replace(PACE, grace=0.2))
    case = Case(provider, snapshot)
    deployed = await case.deploy({"MODE": "stubborn"})
    await provider.remove(case.id, deployed.reference)
    assert not started(deployed.reference["pid"])


async def test_cancelled_in_the_middle_nothing_runs(case: Case, tmp_path: Path) -> None:
    task = asyncio.create_task(case.deploy({"MODE": "ill"}))
    await until(lambda: processes_in(tmp_path))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert processes_in(tmp_path) == []


async def test_the_next_api_adopts_what_is_alive(case: Case, changes: Changes, tmp_path: Path) -> None:
    deployed = await case.deploy()
    await case.provider.close(stop=False)
    after = LocalProvider(tmp_path / "deployments", changes.note, PACE)
    try:
        await after.adopt(case.id, deployed.reference)
        assert (await ask(deployed.url))["pid"] == deployed.reference["pid"]
        kill(deployed.reference["pid"])
        await until(lambda: changes.statuses.count("running") == 3)  # deployed, adopted, started again
        assert (await ask(deployed.url))["pid"] != deployed.reference["pid"]
    finally:
        await after.remove(case.id, deployed.reference)


async def test_the_next_api_starts_what_is_dead(case: Case, changes: Changes, tmp_path: Path) -> None:
    deployed = await case.deploy()
    await case.provider.close(stop=True)
    assert changes.statuses[-1] == "stopped"
    assert processes_in(case.folder) == []
    after = LocalProvider(tmp_path / "deployments", changes.note, PACE)
    await after.adopt(case.id, deployed.reference)
    assert await ask(deployed.url)
    await after.remove(case.id, deployed.reference)


async def test_a_pid_that_is_somebody_elses_by_now_is_left_alone(case: Case, changes: Changes, tmp_path: Path) -> None:
    deployed = await case.deploy()
    await case.provider.close(stop=True)
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True) as other:
        try:
            record = {"pid": other.pid, "started": deployed.reference["started"], "port": deployed.reference["port"]}
            (case.folder / "process.json").write_text(json.dumps(record))
            (case.folder / "process.pid").write_text(str(other.pid))
            after = LocalProvider(tmp_path / "deployments", changes.note, PACE)
            await after.adopt(case.id, deployed.reference)
            assert (await ask(deployed.url))["pid"] != other.pid
            await after.remove(case.id, deployed.reference)
            assert other.poll() is None
        finally:
            other.kill()


async def test_a_process_that_was_never_noted_is_found(case: Case, changes: Changes, tmp_path: Path) -> None:
    """The API was killed between starting the application and writing down who it is."""
    deployed = await case.deploy()
    await case.provider.close(stop=False)
    (case.folder / "process.json").unlink()
    after = LocalProvider(tmp_path / "deployments", changes.note, PACE)
    await after.adopt(case.id, deployed.reference)
    assert len(processes_in(case.folder)) == 1
    assert not started(deployed.reference["pid"])
    await after.remove(case.id, deployed.reference)


async def test_adopting_what_is_gone(provider: LocalProvider, changes: Changes) -> None:
    await provider.adopt(str(uuid4()), {"name": "Gone"})
    assert changes[-1][1:] == ("failed", {"name": "Gone", "error": "the files of the application are gone"})


async def test_a_taken_port_is_given_up(case: Case, changes: Changes, tmp_path: Path) -> None:
    deployed = await case.deploy()
    await case.provider.close(stop=True)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", deployed.reference["port"]))
        taken.listen()
        after = LocalProvider(tmp_path / "deployments", changes.note, PACE)
        await after.adopt(case.id, deployed.reference)
        url = changes[-1][2]["url"]
        assert url != deployed.url
        assert await ask(url)
        await after.remove(case.id, deployed.reference)


async def test_losing_the_race_for_a_port_it_takes_another(case: Case) -> None:
    deployed = await case.deploy({"MODE": "raced"})
    kill(int((case.folder / "data" / "thief.pid").read_text()))
    assert (await ask(deployed.url))["pid"] == deployed.reference["pid"]
    assert (case.folder / "application.log").read_text().count("Address already in use") == 1


async def test_several_side_by_side(provider: LocalProvider, snapshot: Path) -> None:
    cases = [Case(provider, snapshot) for _ in range(3)]
    deployed = await asyncio.gather(*(case.deploy() for case in cases))
    assert len({one.url for one in deployed}) == 3
    for one in deployed:
        assert (await ask(one.url))["pid"] == one.reference["pid"]


@pytest.mark.parametrize("wrong", ["../x", "x", ""])
async def test_only_ids_name_folders(wrong: str, provider: LocalProvider) -> None:
    with pytest.raises(ValueError, match="badly formed"):
        provider.folder_of(wrong)


async def test_it_outlives_the_api_that_was_killed(snapshot: Path, tmp_path: Path, changes: Changes) -> None:
    """The whole process of the API is killed (-9): the application answers on, and the next API has it again."""
    deployment_id = str(uuid4())
    program = f"""
import asyncio
from pathlib import Path
from backend_team.hosted.providers.local import LocalProvider
async def note(*change): pass
async def main():
    provider = LocalProvider(Path({str(tmp_path / "deployments")!r}), note)
    await provider.deploy({deployment_id!r}, "Small", Path({str(snapshot)!r}), {{}}, lambda *line: None)
    print("deployed", flush=True)
    await asyncio.sleep(600)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as api:
        assert api.stdout is not None
        assert api.stdout.readline() == "deployed\n"
        api.kill()
    provider = LocalProvider(tmp_path / "deployments", changes.note, PACE)
    record = json.loads((provider.folder_of(deployment_id) / "process.json").read_text())
    assert alive(Identity(record["pid"], record["started"]))
    await provider.adopt(deployment_id, {})
    reference = changes[-1][2]
    assert (await ask(reference["url"]))["pid"] == record["pid"]
    began = time.monotonic()
    await provider.remove(deployment_id, reference)
    assert time.monotonic() - began < PACE.grace
    assert processes_in(tmp_path) == []
