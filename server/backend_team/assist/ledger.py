"""The ledger: a row for every AI request, its money reserved before and settled after, safe for many processes.

A row is `reserved` while its request is under way and counts what it may cost at most. It ends as `succeeded`,
`rejected` (an answer that failed our checks), `failed`, `cancelled` or `cached`. Reservation and cap are one
transaction, so two editors can't pass the cap together. A row whose process died is settled once its time is over: at
what was seen of the answer, or at the whole reservation when nothing was. Amounts are whole billionths of a US dollar,
so sums are exact.
"""

from __future__ import annotations

import os
import sqlite3
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, Final

from backend_team.errors import AssistError, BudgetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from backend_team.assist.prices import Tokens

PATIENCE: Final = 10.0  # seconds to wait for another process that writes
NANO: Final = Decimal(10) ** 9
MODEL_LENGTH: Final = 100  # as much of a model's name as the hosted API takes; local ones are paths at times
GRACE: Final = 60.0  # seconds past its deadline after which a reserved row belongs to a process that died

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS calls (
    id TEXT PRIMARY KEY,
    created_at REAL NOT NULL,
    kind TEXT NOT NULL,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    host TEXT NOT NULL,
    sent TEXT NOT NULL,                  -- hash of what left the machine
    status TEXT NOT NULL,
    reserved INTEGER NOT NULL,
    cost INTEGER,
    estimated INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0,
    cache_read_tokens INTEGER NOT NULL DEFAULT 0,
    cache_write_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0,
    latency_ms INTEGER NOT NULL DEFAULT 0,
    trouble TEXT,
    expires_at REAL NOT NULL,
    reported INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS calls_by_time ON calls (created_at);
CREATE INDEX IF NOT EXISTS calls_to_report ON calls (reported, status);
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A finished request; `estimated` when the provider did not say what it counted.

    `success` says that a person could use the answer: a rejected one costs money and counts for no plan.
    """

    id: str
    provider: str
    model: str
    kind: str
    status: str
    input_tokens: int
    output_tokens: int
    cost: Decimal
    latency_ms: int
    success: bool
    cached: bool
    estimated: bool
    created_at: datetime

    def as_report(self) -> dict[str, Any]:
        """The row as the hosted API takes it; the cost as text, so that nothing is rounded on the way."""
        return {
            "id": self.id,
            "provider": self.provider,
            "model": self.model[:MODEL_LENGTH],
            "kind": self.kind,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cost": f"{self.cost:f}",
            "latency_ms": self.latency_ms,
            "success": self.success,
            "cached": self.cached,
            "created_at": self.created_at.isoformat(),
        }


def _use_wal(database: sqlite3.Connection) -> None:
    """Switch to the write-ahead log; while another process does it SQLite doesn't wait, whatever its timeout."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


class Ledger:
    """The ledger in one SQLite file; every method is one short transaction and may be called from any thread."""

    def __init__(self, path: Path, cap: Decimal) -> None:
        self.path = path
        self.cap = cap
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with self._open() as database:
            _use_wal(database)
            database.executescript(_SCHEMA)

    def reserve(
        self, *, kind: str, provider: str, model: str, host: str, sent: str, maximum: Decimal, seconds: float
    ) -> str:
        """Set money aside for a request that ends within `seconds`; the id of its row.

        Raises `BudgetError` when the day's cap would be passed.
        """
        call = str(uuid.uuid4())
        now = time.time()
        reserved = _nano(maximum)
        with self._transaction() as database:
            self._reconcile(database, now)
            spent = _spent(database, now)
            if spent + reserved > _nano(self.cap):
                raise BudgetError(
                    f"the request may cost {_shown(maximum)}, and {_shown(spent / NANO)} of today's "
                    f"{_shown(self.cap)} are spent or reserved",
                    hint="raise the daily cap in the settings, or wait until tomorrow",
                )
            database.execute(
                "INSERT INTO calls (id, created_at, kind, provider, model, host, sent, status, reserved, expires_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 'reserved', ?, ?)",
                (call, now, kind, provider, model, host, sent, reserved, now + seconds + GRACE),
            )
        return call

    def seen(self, call: str, tokens: Tokens, cost: Decimal) -> None:
        """Note what has come of an answer so far, for the case that this process dies."""
        with self._transaction() as database:
            database.execute(
                "UPDATE calls SET input_tokens = ?, output_tokens = ?, cost = ?, estimated = 1"
                " WHERE id = ? AND status = 'reserved'",
                (tokens.input, tokens.output, _nano(cost), call),
            )

    def settle(
        self,
        call: str,
        status: str,
        tokens: Tokens,
        cost: Decimal,
        *,
        latency_ms: int,
        estimated: bool = False,
        trouble: str | None = None,
    ) -> None:
        """End a row with what it cost; a row that was given up for dead and not yet reported is corrected."""
        with self._transaction() as database:
            database.execute(
                "UPDATE calls SET status = ?, cost = ?, estimated = ?, input_tokens = ?, cache_read_tokens = ?,"
                " cache_write_tokens = ?, output_tokens = ?, latency_ms = ?, trouble = ?"
                " WHERE id = ? AND reported = 0",
                (
                    status,
                    _nano(cost),
                    estimated,
                    tokens.input,
                    tokens.cache_read,
                    tokens.cache_write,
                    tokens.output,
                    latency_ms,
                    trouble,
                    call,
                ),
            )

    def reject(self, call: str) -> None:
        """Mark an answer that came, and is paid, but failed our checks."""
        with self._transaction() as database:
            database.execute(
                "UPDATE calls SET status = 'rejected' WHERE id = ? AND status = 'succeeded' AND reported = 0", (call,)
            )

    def hit(self, *, kind: str, provider: str, model: str, host: str, sent: str, latency_ms: int) -> str:
        """Enter an answer that came from the cache, at 0.00."""
        call = str(uuid.uuid4())
        now = time.time()
        with self._transaction() as database:
            database.execute(
                "INSERT INTO calls (id, created_at, kind, provider, model, host, sent, status, reserved, cost,"
                " latency_ms, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'cached', 0, 0, ?, ?)",
                (call, now, kind, provider, model, host, sent, latency_ms, now),
            )
        return call

    def cost_today(self) -> Decimal:
        """US dollars spent or reserved since midnight, by this machine's clock and zone."""
        now = time.time()
        with self._transaction() as database:
            self._reconcile(database, now)
            return _spent(database, now) / NANO

    def calls(self) -> list[Call]:
        """Every finished row, oldest first."""
        return self._calls("status != 'reserved'")

    def unreported(self) -> list[Call]:
        """Finished rows that the hosted API hasn't acknowledged, oldest first."""
        return self._calls("status != 'reserved' AND reported = 0")

    def mark_reported(self, calls: Iterable[str]) -> None:
        """Note that the hosted API has these rows; they don't change any more."""
        with self._transaction() as database:
            database.executemany(
                "UPDATE calls SET reported = 1 WHERE id = ? AND status != 'reserved'", [(call,) for call in calls]
            )

    def _calls(self, condition: str) -> list[Call]:
        with self._transaction() as database:
            self._reconcile(database, time.time())
            rows = database.execute(f"SELECT * FROM calls WHERE {condition} ORDER BY created_at, id").fetchall()
        return [_call(row) for row in rows]

    @staticmethod
    def _reconcile(database: sqlite3.Connection, now: float) -> None:
        database.execute(
            "UPDATE calls SET status = 'failed', trouble = 'interrupted', estimated = 1,"
            " cost = coalesce(cost, reserved), latency_ms = 0 WHERE status = 'reserved' AND expires_at < ?",
            (now,),
        )

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            database = sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)
            try:
                database.row_factory = sqlite3.Row
                database.execute("PRAGMA synchronous = NORMAL")
                yield database
            finally:
                database.close()
        except sqlite3.Error as error:
            # Without a ledger there is no cap: a request is refused rather than sent unaccounted.
            raise AssistError(
                f"the ledger of AI costs can't be used: {error}", hint=f"look at {self.path}, or move it away"
            ) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")


def _spent(database: sqlite3.Connection, now: float) -> int:
    midnight = datetime.fromtimestamp(now).astimezone().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    row = database.execute(
        "SELECT coalesce(sum(CASE status WHEN 'reserved' THEN reserved ELSE cost END), 0) FROM calls"
        " WHERE created_at >= ?",
        (midnight,),
    ).fetchone()
    return int(row[0])


def _nano(amount: Decimal) -> int:
    return int((amount * NANO).to_integral_value(ROUND_CEILING))


def _shown(amount: Decimal) -> str:
    return f"{amount:.2f} USD" if amount == 0 or amount >= Decimal("0.01") else f"{amount:.4f} USD"


def _call(row: sqlite3.Row) -> Call:
    return Call(
        id=row["id"],
        provider=row["provider"],
        model=row["model"],
        kind=row["kind"],
        status=row["status"],
        input_tokens=row["input_tokens"],
        output_tokens=row["output_tokens"],
        cost=Decimal(row["cost"]) / NANO,
        latency_ms=row["latency_ms"],
        success=row["status"] in {"succeeded", "cached"},
        cached=row["status"] == "cached",
        estimated=bool(row["estimated"]),
        created_at=datetime.fromtimestamp(row["created_at"], UTC),
    )
