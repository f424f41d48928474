"""The ledger: money reserved before, settled after, across processes and crashes."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_team.assist.ledger import GRACE, Ledger
from backend_team.assist.prices import Tokens
from backend_team.errors import AssistError, BudgetError

if TYPE_CHECKING:
    from pathlib import Path

CAP = Decimal("1.00")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """An empty ledger with a cap of one dollar."""
    return Ledger(tmp_path / "ai" / "ledger.db", CAP)


def reserve(ledger: Ledger, amount: str = "0.10", seconds: float = 60) -> str:
    """A row for a call under way."""
    return ledger.reserve(
        kind="suggestion",
        provider="anthropic",
        model="m",
        host="h",
        sent="digest",
        maximum=Decimal(amount),
        seconds=seconds,
    )


def settle(ledger: Ledger, call: str, status: str = "succeeded", cost: str = "0.03", **more: Any) -> None:
    """The end of a call."""
    ledger.settle(call, status, Tokens(100, 20), Decimal(cost), latency_ms=12, **more)


def test_a_reservation_counts_until_it_is_settled(ledger: Ledger) -> None:
    call = reserve(ledger)
    assert ledger.cost_today() == Decimal("0.10")
    assert ledger.unreported() == []
    settle(ledger, call)
    assert ledger.cost_today() == Decimal("0.03")
    (row,) = ledger.unreported()
    assert (row.id, row.cost, row.input_tokens, row.output_tokens) == (call, Decimal("0.03"), 100, 20)
    assert row.as_report() == {
        "id": call,
        "provider": "anthropic",
        "model": "m",
        "kind": "suggestion",
        "input_tokens": 100,
        "output_tokens": 20,
        "cost": "0.03",
        "latency_ms": 12,
        "success": True,
        "cached": False,
        "created_at": row.created_at.isoformat(),
    }


@pytest.mark.parametrize(
    ("status", "cost", "success"),
    [("succeeded", "0.05", True), ("failed", "0", False), ("cancelled", "0.01", False)],
)
def test_every_end_keeps_a_row(ledger: Ledger, status: str, cost: str, success: bool) -> None:
    settle(ledger, reserve(ledger), status, cost)
    (row,) = ledger.calls()
    assert (row.status, row.cost, row.success) == (status, Decimal(cost), success)
    assert ledger.cost_today() == Decimal(cost)


def test_a_rejected_answer_is_paid(ledger: Ledger) -> None:
    call = reserve(ledger)
    settle(ledger, call)
    ledger.reject(call)
    (row,) = ledger.calls()
    assert (row.status, row.success, row.cost) == ("rejected", False, Decimal("0.03"))


def test_a_hit_costs_nothing_and_has_a_row(ledger: Ledger) -> None:
    ledger.hit(kind="suggestion", provider="anthropic", model="m", host="h", sent="digest", latency_ms=3)
    (row,) = ledger.unreported()
    assert (row.status, row.cached, row.success, row.cost) == ("cached", True, True, 0)


def test_the_cap_counts_reservations(ledger: Ledger) -> None:
    calls = [reserve(ledger, "0.30") for _ in range(3)]
    with pytest.raises(BudgetError, match=r"0\.30 USD, and 0\.90 USD of today's 1\.00 USD"):
        reserve(ledger, "0.30")
    settle(ledger, calls[0], "failed", "0")
    reserve(ledger, "0.40")  # to the cent
    with pytest.raises(BudgetError):
        reserve(ledger, "0.000000001")


def test_yesterday_does_not_count(ledger: Ledger) -> None:
    settle(ledger, reserve(ledger, "0.90"), cost="0.90")
    with sqlite3.connect(ledger.path) as database:
        database.execute("UPDATE calls SET created_at = created_at - 86400")
    database.close()
    assert ledger.cost_today() == 0
    reserve(ledger, "0.90")


def test_a_model_of_any_name_can_be_reported(ledger: Ledger) -> None:
    ledger.hit(kind="suggestion", provider="openai", model="models/" * 30, host="h", sent="digest", latency_ms=1)
    (row,) = ledger.unreported()
    assert row.as_report()["model"] == ("models/" * 30)[:100]


def test_rows_are_reported_once(ledger: Ledger) -> None:
    first, second = reserve(ledger), reserve(ledger)
    settle(ledger, first)
    ledger.mark_reported([first, second])  # the second is under way: it can't have been reported
    assert ledger.unreported() == []
    settle(ledger, first, cost="0.09")  # too late: the API has it at 0.03
    settle(ledger, second)
    assert [row.id for row in ledger.unreported()] == [second]
    assert ledger.cost_today() == Decimal("0.06")


@settings(deadline=None, max_examples=25)
@given(st.lists(st.decimals("0.000000001", "0.004", places=9), max_size=20))
def test_sums_are_exact(tmp_path_factory: pytest.TempPathFactory, costs: list[Decimal]) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.db", CAP)
    for cost in costs:
        settle(ledger, reserve(ledger, "0.01"), cost=str(cost))
    assert ledger.cost_today() == sum(costs)


def test_files_are_private(ledger: Ledger) -> None:
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(ledger.path.parent.stat().st_mode) == 0o700


_CRASH = """
import os, signal, sys
from decimal import Decimal
from pathlib import Path
from backend_team.assist.ledger import Ledger
from backend_team.assist.prices import Tokens
ledger = Ledger(Path(sys.argv[1]), Decimal(1))
call = ledger.reserve(kind="suggestion", provider="anthropic", model="m", host="h", sent="d",
                      maximum=Decimal("0.40"), seconds=float(sys.argv[2]))
if sys.argv[3] == "seen":
    ledger.seen(call, Tokens(500, 40), Decimal("0.07"))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("seen", "cost"), [("seen", "0.07"), ("nothing", "0.40")])
def test_a_process_that_died_leaves_its_reservation_until_its_time_is_over(
    ledger: Ledger, seen: str, cost: str
) -> None:
    for seconds in (60, -GRACE - 1):  # one that may still be under way, one whose time is over
        ended = subprocess.run([sys.executable, "-c", _CRASH, ledger.path, str(seconds), seen], check=False)
        assert ended.returncode == -signal.SIGKILL
    assert ledger.cost_today() == Decimal("0.40") + Decimal(cost)
    (row,) = ledger.unreported()
    assert (row.status, row.success, row.estimated, row.cost) == ("failed", False, True, Decimal(cost))


def test_a_call_that_was_given_up_and_ends_after_all_is_corrected(ledger: Ledger) -> None:
    call = reserve(ledger, "0.40", seconds=-GRACE - 1)
    assert ledger.calls()[0].status == "failed"
    settle(ledger, call)
    assert [(row.status, row.cost) for row in ledger.calls()] == [("succeeded", Decimal("0.03"))]


_RACE = """
import sys
from decimal import Decimal
from pathlib import Path
from backend_team.assist.ledger import Ledger
from backend_team.assist.prices import Tokens
from backend_team.errors import BudgetError
ledger = Ledger(Path(sys.argv[1]), Decimal(1))
print("ready", flush=True)
sys.stdin.readline()
won = 0
for _ in range(60):
    try:
        call = ledger.reserve(kind="suggestion", provider="p", model="m", host="h", sent="d",
                              maximum=Decimal("0.01"), seconds=60)
    except BudgetError:
        continue
    ledger.settle(call, "succeeded", Tokens(1, 1), Decimal("0.01"), latency_ms=1)
    won += 1
print(won)
"""


def test_two_processes_do_not_pass_the_cap_together(ledger: Ledger) -> None:
    command = [sys.executable, "-c", _RACE, str(ledger.path)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as one, subprocess.Popen(command, **pipes) as two:
        for process in (one, two):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in (one, two):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        answers = [int(process.communicate(timeout=60)[0]) for process in (one, two)]
    assert sum(answers) == 100
    assert ledger.cost_today() == CAP


def test_many_threads(ledger: Ledger) -> None:
    def call(_: int) -> None:
        settle(ledger, reserve(ledger, "0.01"), cost="0.002")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(40)))
    assert ledger.cost_today() == Decimal("0.08")


def test_without_a_ledger_nothing_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(AssistError, match="ledger of AI costs can't be used"):
        Ledger(path, CAP)


def test_a_busy_ledger_is_waited_for(ledger: Ledger) -> None:
    other = sqlite3.connect(ledger.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(reserve, ledger)
        started = time.monotonic()
        while time.monotonic() - started < 0.2:
            assert not waiting.done()
            os.sched_yield()
        other.execute("COMMIT")
        assert waiting.result(timeout=20)
    other.close()
