from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, select, text

from backend_team.errors import ApiError, FileError
from backend_team.hosted.store import accounts, events, executions, executors, usage
from backend_team.hosted.store.database import HEAD, Database
from backend_team.hosted.store.tables import AiApiCall, Base, ExecutionEvent, TemplateExecution

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / "store.sqlite")
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def user(database: Database) -> str:
    async with database.write() as session:
        user_id = await accounts.register(session, "Someone@Example.org", "hash", "free")
    assert user_id
    return user_id


def request(template: str = "chain") -> executions.Request:
    return executions.Request(template, "1.0.0", {"a": 1}, None, 5, [("1", "One"), ("2", "Two")])


async def new_execution(database: Database, user: str, key: str = "key", body: str = "body") -> TemplateExecution:
    async with database.write() as session:
        return (await executions.create(session, user, request(), key, body))[0]


async def test_the_migrations_make_the_tables_of_the_models(database: Database, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    engine.dispose()
    folder = Path(executions.__file__).with_name("migrations")
    assert ScriptDirectory(str(folder)).get_heads() == [HEAD]


async def test_a_schema_of_a_newer_version_is_refused(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(FileError, match="newer version"):
        await database.open()


async def test_what_fails_in_a_transaction_leaves_nothing(database: Database, user: str) -> None:
    async def charge_and_fail() -> None:
        async with database.write() as session:
            await usage.record(session, user, usage.EXECUTION, "one")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await charge_and_fail()
    async with database.read() as session:
        assert await usage.charged(session, user, usage.EXECUTION, usage.month_start()) == 0


async def test_events_are_gapless_under_concurrency(database: Database, user: str) -> None:
    execution = await new_execution(database, user)

    async def write(number: int) -> None:
        async with database.write() as session:
            await events.append(session, execution.id, [("log", {"n": number}), ("log", {"n": number})])

    await asyncio.gather(*(write(number) for number in range(20)))
    async with database.read() as session:
        rows = (await session.scalars(select(ExecutionEvent.sequence).order_by(ExecutionEvent.sequence))).all()
    assert list(rows) == list(range(1, 41))


async def test_a_key_is_the_same_execution_and_never_another_body(database: Database, user: str) -> None:
    first = await new_execution(database, user)
    async with database.write() as session:
        again, created = await executions.create(session, user, request(), "key", "body")
        assert (again.id, created) == (first.id, False)
    with pytest.raises(ApiError) as refused:
        await new_execution(database, user, "key", "other body")
    assert (refused.value.status, refused.value.type) == (422, "idempotency-key-reused")


async def test_the_plan_reserves_and_gives_back(database: Database, user: str) -> None:
    made = [await new_execution(database, user, f"key {n}") for n in range(3)]
    with pytest.raises(ApiError) as refused:
        await new_execution(database, user, "key 4")
    assert refused.value.status == 402
    assert refused.value.hint
    async with database.write() as session:
        assert await executions.abandon(session, made[0].id, "failed", "no")
        assert await executions.complete(session, made[1].id, {})
    await new_execution(database, user, "key 5")
    with pytest.raises(ApiError):
        await new_execution(database, user, "key 6")


async def test_an_execution_is_charged_once_and_ends_once(database: Database, user: str) -> None:
    execution = await new_execution(database, user)
    async with database.write() as session:
        assert await executions.complete(session, execution.id, {"a": 1})
        assert not await executions.complete(session, execution.id, {"a": 2})
        assert not await executions.abandon(session, execution.id, "failed", "late")
    async with database.read() as session:
        assert await usage.charged(session, user, usage.EXECUTION, usage.month_start()) == 1
        found = await executions.find(session, user, execution.id)
    assert found is not None
    assert (found.status, found.result_data) == ("completed", {"a": 1})


async def test_what_a_plan_includes_is_free_and_the_next_costs(database: Database) -> None:
    async with database.write() as session:
        user = await accounts.register(session, "payer@example.org", "hash", "starter")
        assert user
        for number in range(10):
            await usage.record(session, user, usage.EXECUTION, str(number))
        execution, _ = await executions.create(session, user, request(), "key", "body")
        await executions.complete(session, execution.id, {})
        assert execution.total_cost == Decimal("3.5")


async def test_money_and_moments_are_exact(database: Database, user: str) -> None:
    moment = datetime(2026, 11, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))  # October in UTC
    costs = [Decimal("0.1"), Decimal("0.2"), Decimal("0.000000001"), Decimal(3)]
    calls = [
        AiApiCall(
            user_id=user,
            id=f"call {n}",
            ai_provider="anthropic",
            model_name="m",
            kind="suggestion",
            input_tokens=1,
            output_tokens=1,
            cost=cost,
            latency_ms=1,
            success=n != 1,
            cached=n == 2,
            created_at=moment,
        )
        for n, cost in enumerate(costs)
    ]
    async with database.write() as session:
        assert await usage.record_ai_calls(session, user, calls) == 4
    async with database.read() as session:
        october = await usage.totals(session, user, datetime(2026, 10, 1, tzinfo=UTC))
        november = await usage.totals(session, user, datetime(2026, 11, 1, tzinfo=UTC))
        stored = await session.scalar(select(AiApiCall.created_at).limit(1))
    assert october == usage.Totals(0, 2, 1, Decimal("3.300000001"))
    assert november == usage.Totals(0, 0, 0, Decimal(0))
    assert stored == moment


async def test_only_one_claims_a_dead_executor(database: Database) -> None:
    lease = timedelta(seconds=30)
    async with database.write() as session:
        for name, left in (("dead", timedelta(seconds=-1)), ("alive", lease), ("first", lease), ("second", lease)):
            await executors.join(session, name, left)
    async with database.write() as session:
        assert list(await executors.claim_dead(session, "first", lease)) == ["dead"]
    async with database.write() as session:
        assert list(await executors.claim_dead(session, "second", lease)) == []
        await executors.leave(session, "dead")
        assert not await executors.renew(session, "dead", lease)
        assert await executors.renew(session, "alive", lease)
