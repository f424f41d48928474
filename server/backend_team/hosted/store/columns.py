"""Column types that read the same from SQLite and PostgreSQL: moments in UTC, money without rounding."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, DateTime
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy import Dialect

NANO: Final = Decimal("0.000000001")  # one token of the cheapest model costs 30 of these


class Moment(TypeDecorator[datetime]):
    """A moment, always aware and in UTC (SQLite keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, which is what SQLite then holds."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to an aware moment."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Money(TypeDecorator[Decimal]):
    """US dollars, held as whole billionths: sums are exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """To billionths."""
        return int((value / NANO).to_integral_value()) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Back to dollars, without trailing zeros."""
        return (Decimal(int(value)) * NANO).normalize() if value is not None else None


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)
