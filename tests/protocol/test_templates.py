"""Templates through the server: list, plan, run with progress, deployments, usage, cancel; the API is the real one."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

from tests.protocol.client import Client, Refused
from tests.protocol.test_commands import progress_of

if TYPE_CHECKING:
    from pathlib import Path

INPUTS = {"app_name": "Corner Shop", "admin_email": "anna@example.com"}
RUN = "backendTeam.server.runTemplate"


pytestmark = pytest.mark.usefixtures("no_api_left")


@pytest.fixture(autouse=True)
def patient(no_api_left: None, client: Client) -> None:  # in this order: a server that still runs starts the API again
    """A run installs and tests an application: some 8 s, and many times that on a machine with other work."""
    client.patience = 120.0


def to(folder: Path) -> dict[str, Any]:
    return {"template": "saas-starter", "configuration": INPUTS, "destination": str(folder / "made")}


def is_running(client: Client) -> bool:
    """Whether a step of the run was reported, by what nobody read yet."""
    return any(one.get("method") == "$/progress" and one["params"]["value"].get("percentage") for one in client.unread)


def drop_progress(client: Client) -> None:
    client.unread = [one for one in client.unread if one.get("method") != "$/progress"]


@pytest.mark.timeout(180)
def test_from_list_to_removed_deployment(client: Client, tmp_path: Path, state_folder: Path) -> None:
    (template,) = [one for one in client.execute("backendTeam.server.listTemplates", {}) if one["id"] == "saas-starter"]
    assert {"app_name", "admin_email"} <= {one["key"] for one in template["inputs"]}
    assert isinstance(template["estimatedCost"], float)
    request = to(tmp_path)
    plan = client.execute("backendTeam.server.planTemplate", request)
    assert plan["template"] == "saas-starter"
    assert plan["files"]
    assert all({"id", "name", "command", "dependsOn"} == step.keys() for step in plan["steps"])
    execution = client.execute(RUN, request | {"idempotencyKey": "once"}, workDoneToken="run")
    assert execution["status"] == "completed", execution
    assert execution["progress"] == 100
    assert (tmp_path / "made").is_dir()
    values = progress_of(client, "run")
    percentages = [value["percentage"] for value in values if "percentage" in value]
    assert percentages == sorted(percentages)
    assert percentages[-1] == 100
    assert {step["name"] for step in plan["steps"]} & {value["message"] for value in values[1:-1]}
    with urllib.request.urlopen(f"{execution['url']}/health") as answer:
        assert answer.status == 200
    assert client.execute(RUN, request | {"idempotencyKey": "once"})["id"] == execution["id"]
    (deployment,) = client.execute("backendTeam.server.listDeployments", {})
    assert deployment["id"] == execution["deployment"]
    assert deployment["url"] == execution["url"]
    assert deployment["status"] == "running"
    usage = client.execute("backendTeam.server.showUsage", {})
    assert usage["templateExecutions"] == {"used": 1, "included": 3}
    client.notification("backendTeam/usage", lambda params: params == usage)
    client.execute("backendTeam.server.removeDeployment", {"id": deployment["id"]}, workDoneToken="remove")
    progress_of(client, "remove")
    assert client.execute("backendTeam.server.listDeployments", {}) == []
    with pytest.raises(Refused) as refused:
        client.execute(RUN, {"template": "saas-starter", "configuration": {"app_name": ""}})
    assert refused.value.code == -32803


@pytest.mark.timeout(180)
def test_a_run_is_cancelled(client: Client, tmp_path: Path) -> None:
    request: dict[str, Any] = {
        "template": "saas-starter",
        "configuration": INPUTS,
        "destination": str(tmp_path / "made"),
    }
    number = client.start_request(
        "workspace/executeCommand", {"command": RUN, "arguments": [request], "workDoneToken": "run"}
    )
    client.notification("$/progress", lambda params: params["value"].get("percentage", 0) > 0)
    client.notify("window/workDoneProgress/cancel", {"token": "run"})
    assert client.answer(number)["status"] == "cancelled"
    drop_progress(client)
    assert client.execute("backendTeam.server.listDeployments", {}) == []


@pytest.mark.timeout(180)
def test_a_run_survives_the_end_of_the_api(client: Client, tmp_path: Path, state_folder: Path) -> None:
    request: dict[str, Any] = {
        "template": "saas-starter",
        "configuration": INPUTS,
        "destination": str(tmp_path / "made"),
    }
    number = client.start_request(
        "workspace/executeCommand", {"command": RUN, "arguments": [request], "workDoneToken": "run"}
    )
    client.notification("$/progress", lambda params: params["value"].get("percentage", 0) > 0)
    first = json.loads((state_folder / "api" / "endpoint.json").read_text())["pid"]
    os.kill(first, signal.SIGKILL)
    execution = client.answer(number)
    drop_progress(client)
    assert execution["status"] == "completed", execution
    assert json.loads((state_folder / "api" / "endpoint.json").read_text())["pid"] != first


@pytest.mark.timeout(180)
def test_the_loop_turns_while_a_template_runs(client: Client, tmp_path: Path) -> None:
    request: dict[str, Any] = {
        "template": "saas-starter",
        "configuration": INPUTS,
        "destination": str(tmp_path / "made"),
    }
    number = client.start_request(
        "workspace/executeCommand", {"command": RUN, "arguments": [request], "workDoneToken": "run"}
    )
    client.open("a.py", "x = 1\n")
    slowest, typed = 0.0, 0
    while typed < 50 or not is_running(client):
        begun = time.monotonic()
        client.change(client.uri("a.py"), {"text": f"x = {begun}\n"})
        slowest, typed = max(slowest, time.monotonic() - begun), typed + 1
        threading.Event().wait(0.01)  # a person types no faster
    assert slowest < 1
    client.notify("window/workDoneProgress/cancel", {"token": "run"})
    assert client.answer(number)["status"] in ("completed", "cancelled")
    drop_progress(client)
