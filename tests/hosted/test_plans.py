from __future__ import annotations

from decimal import Decimal

import pytest

from backend_team.errors import ApiError
from backend_team.hosted.plans import plan_named, plans


def test_the_table_is_the_products() -> None:
    table = [
        (
            p.name,
            p.price,
            p.template_executions,
            p.overage,
            p.ai_requests,
            p.ai_requests_per_minute,
            p.requests_per_minute,
        )
        for p in plans().values()
    ]
    assert table == [
        ("free", 0, 3, None, 1_000, 5, 60),
        ("starter", 29, 10, Decimal("3.50"), 10_000, 15, 60),
        ("professional", 99, 50, Decimal("2.50"), 25_000, 30, 300),
        ("enterprise", 299, 200, Decimal("1.50"), None, 100, 1_000),
    ]


@pytest.mark.parametrize(
    ("plan", "used", "price", "overage"),
    [("free", 2, 0, 0), ("starter", 9, 0, 0), ("starter", 10, "3.5", 0), ("starter", 12, "3.5", 7)],
)
def test_overage(plan: str, used: int, price: str, overage: str) -> None:
    assert plan_named(plan).execution_price(used) == Decimal(price)
    assert plan_named(plan).overage_cost(used) == Decimal(overage)


def test_an_unknown_plan_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ApiError, match="free, starter, professional, enterprise"):
        plan_named("gold")
