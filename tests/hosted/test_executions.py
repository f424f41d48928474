from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from backend_team.client.api import ApiClient
from backend_team.errors import ApiError
from tests.hosted.conftest import Machine, finished, runs, until

if TYPE_CHECKING:
    from pathlib import Path

    import httpx


async def run(api: ApiClient, template: str, folder: Path, **inputs: Any) -> dict[str, Any]:
    started = await api.execute(template, {"folder": str(folder), **inputs})
    return await finished(api, started["execution_id"])


def statuses(execution: dict[str, Any]) -> dict[str, str]:
    return {step["id"]: step["status"] for step in execution["steps"]}


async def test_templates_are_listed_and_filtered(api: ApiClient) -> None:
    everything = await api.templates()
    assert {"chain", "diamond"} <= {one["id"] for one in everything}
    assert [one["id"] for one in await api.templates(category="tools")] == ["chain"]
    assert [one["id"] for one in await api.templates(complexity="beginner")] == ["chain"]
    assert [one["id"] for one in await api.templates(max_cost=2)] == ["chain"]
    assert await api.templates(category="tools", max_cost=1) == []
    chain = await api.template("chain")
    assert chain["estimated_cost"] == {"min": 0.0, "max": 2.0}
    assert [item["key"] for item in chain["inputs"]] == ["folder", "text", "port"]


async def test_a_graph_runs_to_its_result(api: ApiClient, tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    done = await run(api, "diamond", tmp_path)
    assert done["status"] == "completed"
    assert done["progress_percentage"] == 100
    assert done["result"]["answer"] == "waited three!!"
    assert set(statuses(done).values()) == {"completed"}
    order = runs(tmp_path)
    assert order[0] == "1"
    assert order[-1] == "4"
    assert sorted(order) == ["1", "2", "3", "4"]
    assert done == await api.execution(done["id"])


async def test_a_step_runs_as_soon_as_what_it_needs_is_over(api: ApiClient, tmp_path: Path) -> None:
    started = await api.execute("diamond", {"folder": str(tmp_path)})
    await until(lambda: {"1", "2", "3"} <= set(runs(tmp_path)))  # 3 runs while 2 waits
    standing = await api.execution(started["execution_id"])
    assert standing["status"] == "running"
    assert statuses(standing)["2"] == "running"
    assert statuses(standing)["4"] == "pending"
    assert "Step 2" in standing["current_step"]
    (tmp_path / "go").touch()
    assert (await finished(api, started["execution_id"]))["status"] == "completed"


async def test_executions_run_side_by_side(api: ApiClient, tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()
    started = [await api.execute("diamond", {"folder": str(folder)}) for folder in folders]
    await until(lambda: all("2" in runs(folder) for folder in folders))  # all wait at the same time
    for folder in folders:
        (folder / "go").touch()
    ends = await asyncio.gather(*(finished(api, one["execution_id"]) for one in started))
    assert [end["status"] for end in ends] == ["completed"] * 4


async def test_the_same_key_is_the_same_execution(api: ApiClient, tmp_path: Path) -> None:
    inputs = {"folder": str(tmp_path)}
    answers = await asyncio.gather(*(api.execute("chain", inputs, idempotency_key="twice") for _ in range(5)))
    assert len({answer["execution_id"] for answer in answers}) == 1
    await finished(api, answers[0]["execution_id"])
    assert (await api.execute("chain", inputs, idempotency_key="twice"))["execution_id"] == answers[0]["execution_id"]
    assert runs(tmp_path) == ["1", "2"]
    with pytest.raises(ApiError) as refused:
        await api.execute("chain", {**inputs, "text": "other"}, idempotency_key="twice")
    assert (refused.value.status, refused.value.type) == (422, "idempotency-key-reused")


async def test_a_plan_refuses_what_it_does_not_include(api: ApiClient, key: str, tmp_path: Path) -> None:
    inputs = {"folder": str(tmp_path)}
    async with ApiClient(api.url, key) as free:
        failed = await finished(free, (await free.execute("failing", inputs))["execution_id"])
        assert failed["status"] == "failed"
        for _ in range(3):
            await finished(free, (await free.execute("chain", inputs))["execution_id"])
        with pytest.raises(ApiError) as refused:
            await free.execute("chain", inputs)
        assert (refused.value.status, refused.value.type) == (402, "plan-exhausted")
        assert "larger plan" in (refused.value.hint or "")
        assert (await free.usage())["template_executions"] == {"used": 3, "included": 3}
        assert len(await free.executions()) == 4


async def test_reserved_executions_count_before_they_end(api: ApiClient, key: str, tmp_path: Path) -> None:
    async with ApiClient(api.url, key) as free:
        waiting = [await free.execute("diamond", {"folder": str(tmp_path)}) for _ in range(3)]
        with pytest.raises(ApiError) as refused:
            await free.execute("diamond", {"folder": str(tmp_path)})
        assert refused.value.status == 402
        await free.cancel(waiting[0]["execution_id"])
        await finished(free, waiting[0]["execution_id"])
        again = await free.execute("diamond", {"folder": str(tmp_path)})
        (tmp_path / "go").touch()
        for one in (*waiting[1:], again):
            assert (await finished(free, one["execution_id"]))["status"] == "completed"


async def test_a_failed_step_ends_the_others_and_is_cleaned_up(
    api: ApiClient, tmp_path: Path, shared_machine: Machine
) -> None:
    failed = await run(api, "failing", tmp_path)
    assert failed["status"] == "failed"
    assert failed["error_message"] == "Step 2: it can't be done\n   try something else"
    assert statuses(failed) == {"1": "completed", "2": "failed", "3": "cancelled", "4": "skipped"}
    assert list(tmp_path.glob("created-*")) == []
    assert runs(tmp_path, "stopped") in ([], ["3"])  # the sibling may not have begun
    assert shared_machine.rows("SELECT count(*) FROM journal WHERE execution_id = ?", failed["id"]) == [(0,)]
    assert shared_machine.rows("SELECT count(*) FROM usage_events WHERE reference = ?", failed["id"]) == [(0,)]
    assert any("removed" in row["message"] for row in await api.logs(failed["id"]))
    with pytest.raises(ApiError) as refused:
        await api.cancel(failed["id"])
    assert (refused.value.status, refused.value.type) == (409, "not-cancellable")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("crashing", "Step 1: ZeroDivisionError: a fault of the command"),
        ("late", "Step 1: took longer than 0.3 s"),
        ("promising", 'the required output "answer" was not produced'),
        ("unhealthy", "http://127.0.0.1:1/health does not answer"),
    ],
)
async def test_what_is_not_promised_is_a_failure(api: ApiClient, tmp_path: Path, template: str, message: str) -> None:
    failed = await run(api, template, tmp_path)
    assert failed["status"] == "failed"
    assert failed["error_message"].startswith(message)
    assert list(tmp_path.glob("created-*")) == []


async def test_optional_steps_may_fail_or_be_skipped(api: ApiClient, tmp_path: Path) -> None:
    done = await run(api, "optional", tmp_path)
    assert done["status"] == "completed"
    assert statuses(done) == {"1": "completed", "2": "failed", "3": "skipped", "4": "completed"}


async def test_cancel_stops_at_once_takes_back_and_does_not_charge(
    api: ApiClient, tmp_path: Path, shared_machine: Machine
) -> None:
    before = (await api.usage())["template_executions"]["used"]
    started = (await api.execute("diamond", {"folder": str(tmp_path)}))["execution_id"]
    await until(lambda: "2" in runs(tmp_path) and list(tmp_path.glob("created-*")))
    await api.cancel(started)
    ended = await finished(api, started)
    assert ended["status"] == "cancelled"
    assert statuses(ended)["2"] == "cancelled"
    assert statuses(ended)["4"] == "skipped"
    assert runs(tmp_path, "stopped") == ["2"]
    assert list(tmp_path.glob("created-*")) == []
    assert (await api.cancel(started))["status"] == "cancelled"
    assert (await api.usage())["template_executions"]["used"] == before


async def test_a_stream_resumes_after_any_event_without_gaps(api: ApiClient, tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    done = await run(api, "diamond", tmp_path)
    whole = [event async for event in api.follow(done["id"])]
    assert [event.sequence for event in whole] == list(range(1, len(whole) + 1))
    assert [event.kind for event in whole[-2:]] == ["status", "end"]
    assert {event.kind for event in whole} == {"log", "status", "end"}
    for after in (1, 5, len(whole) - 1):
        assert [event async for event in api.follow(done["id"], after)] == whole[after:]
    assert [event.data for event in whole if event.kind == "log"] == await api.logs(done["id"])


async def test_a_stream_is_server_sent_events(
    api: ApiClient, http: httpx.AsyncClient, tmp_path: Path, key: str
) -> None:
    async with ApiClient(api.url, key) as mine:
        done = await run(mine, "chain", tmp_path)
    path, headers = f"/v1/executions/{done['id']}/logs?stream=true", {"X-API-Key": key}
    answer = await http.get(path, headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith(": ")
    assert "event: end\n" in answer.text
    last = max(int(line[4:]) for line in answer.text.splitlines() if line.startswith("id: "))
    nothing = await http.get(path, headers={**headers, "Last-Event-ID": str(last)})
    assert "event:" not in nothing.text  # over, and everything was seen
    for number in ("x", "-1", "9" * 20):
        wrong = await http.get(path, headers={**headers, "Last-Event-ID": number})
        assert wrong.status_code == 422


async def test_usage_agrees_with_the_events(api: ApiClient, key: str, tmp_path: Path, shared_machine: Machine) -> None:
    async with ApiClient(api.url, key) as mine:
        for template in ("chain", "failing", "chain"):
            await run(mine, template, tmp_path)
        usage = await mine.usage()
        done = [one["id"] for one in await mine.executions() if one["status"] == "completed"]
    rows = shared_machine.rows("SELECT reference FROM usage_events WHERE kind = 'template_execution'")
    events = [reference for (reference,) in rows if reference in done]
    assert sorted(done) == sorted(events)
    assert usage["template_executions"]["used"] == len(done) == 2


@pytest.mark.parametrize("destination", ["relative/folder", "{folder}"])
async def test_a_destination_must_be_empty_and_absolute(api: ApiClient, tmp_path: Path, destination: str) -> None:
    (tmp_path / "something").touch()
    with pytest.raises(ApiError) as refused:
        await api.execute("chain", {"folder": str(tmp_path)}, destination.format(folder=tmp_path))
    assert (refused.value.status, refused.value.type) == (422, "destination-refused")
    assert runs(tmp_path) == []
