"""Checks on answers: each fails on its own, and the prepared answer of the sample passes and means the same."""

from __future__ import annotations

import ast
import importlib.util
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_team.assist.checks import check
from backend_team.errors import RejectedError
from backend_team.rules.load import load_rules
from backend_team.settings import DEFAULT
from tests.assist.project import request_for

if TYPE_CHECKING:
    from types import ModuleType

    from backend_team.assist.checks import Checked

MODULE = '''\
import os
import subprocess


class Shop:
    """A shop."""

    @staticmethod
    def grade(points: int, *, strict: bool = False) -> str:
        """The grade for points."""
        if points < 0:
            raise ValueError("negative")
        # Best first.
        if points >= 90:
            return "a"
        elif points >= 80:
            return "b"
        elif points >= 70:
            return "c"
        else:
            return "d"


def unrelated():
    return os.getcwd(), subprocess.DEVNULL
'''
GOOD = '''\
@staticmethod
def grade(points: int, *, strict: bool = False) -> str:
    """The grade for points."""
    if points < 0:
        raise ValueError("negative")
    # Best first.
    grades = ((90, "a"), (80, "b"), (70, "c"))
    return next((grade for least, grade in grades if points >= least), "d")
'''
RULES = load_rules()


def checked(answer: str, module: str = MODULE, symbol: str = "Shop.grade") -> tuple[str, Checked]:
    """The module with the answer in place, and what was shown."""
    request = request_for(module, symbol, Path("/shop.py"), None)
    source, span = request.source, request.span
    node: Any = ast.parse(MODULE)
    lines = source.text[span.start : span.end].split("\n")
    column = span.start - source.lines.starts[source.lines.line_of(span.start)]
    original = "\n".join([lines[0], *(line[column:] for line in lines[1:])])
    assert node
    found = check(source, span, original, answer, RULES, DEFAULT)
    return source.edited(found.edits).text, found


def test_a_good_answer_takes_the_place_of_the_method() -> None:
    text, found = checked(GOOD)
    head, tail = MODULE.split("    @staticmethod")[0], MODULE[MODULE.index("\n\ndef unrelated") :]
    assert text.startswith(head)
    assert text.endswith(tail)
    ast.parse(text)
    assert ast.unparse(ast.parse(GOOD).body[0]) in ast.unparse(ast.parse(text)).replace("\n    ", "\n")
    assert found.suggested.startswith("@staticmethod\n    def grade(")
    assert found.suggested in text
    assert found.passed[-1] == "Complexity went down from 5 to 3."


@pytest.mark.parametrize(
    ("old", "new", "failed"),
    [
        ("return next(", "return next((", "does not parse"),
        ("@staticmethod\n", "X = 1\n@staticmethod\n", "not exactly one function"),
        ("def grade", "def graded", "renames grade to graded"),
        ("def grade", "async def grade", "async or a generator"),
        ("    return next", "    yield points\n    return next", "async or a generator"),
        ("@staticmethod\n", "", "changes the decorators"),
        ("@staticmethod", "@classmethod", "changes the decorators"),
        ("points: int,", "points,", "changes the parameters"),
        ("= False", "= True", "changes the parameters"),
        (", *,", ",", "changes the parameters"),
        ("-> str", "", "changes the return annotation"),
        ("The grade for", "A grade for", "changes the docstring"),
        ('    """The grade for points."""\n', "", "changes the docstring"),
        ("    # Best first.\n", "", "lost a comment\n   # Best first."),
        ("# Best first.", "# Best last.", "lost a comment"),
        ("ValueError", "TypeError", "raises other exceptions: TypeError, ValueError"),
        ('    if points < 0:\n        raise ValueError("negative")\n', "", "raises other exceptions: ValueError"),
        ("points >= least", "eval('points >= least')", "brings in a call of eval"),
        ("    grades =", "    os.system('ls')\n    grades =", "brings in a call of os.system"),
        ("    grades =", "    subprocess.run('ls')\n    grades =", "brings in a call of subprocess.run"),
        ("    grades =", "    import bisect\n    grades =", "brings in an import"),
        ("points >= least", "points >= leest", "a name that is not defined: leest"),
        ("    grades =", "    if strict == None:\n        points += 0\n    grades =", "finding"),
    ],
)
def test_each_check_fails_on_its_own(old: str, new: str, failed: str) -> None:
    assert old in GOOD
    with pytest.raises(RejectedError, match=failed):
        checked(GOOD.replace(old, new, 1))


def test_an_answer_must_be_simpler() -> None:
    same = MODULE[MODULE.index("    @staticmethod") : MODULE.index("\n\n\ndef unrelated")]
    with pytest.raises(RejectedError, match="not simpler: complexity 5, before 5"):
        checked("\n".join(line[4:] for line in same.split("\n")))


def loaded(path: Path) -> ModuleType:
    """A module from its file."""
    spec = importlib.util.spec_from_file_location(f"loaded_{path.stem}_{path.parent.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


SHOP = loaded(Path("tests/editor/sample/shop/pricing.py"))
PREPARED = loaded(Path("tests/assist/answers/price_order.py"))


def priced(module: ModuleType, order: Any) -> Any:
    """The price of an order, or its error."""
    try:
        return module.price_order(order)
    except ValueError as error:
        return type(error).__name__, str(error)


amounts = st.decimals(0, 200, places=2)
lines = st.builds(
    SHOP.Line,
    st.sampled_from(["pen", "atlas"]),
    amounts,
    st.one_of(st.integers(-1, 120), st.sampled_from([19, 20, 99, 100])),
    st.decimals(0, 3, places=2),
    st.sampled_from(["book", "food", "general"]),
)
orders = st.builds(
    SHOP.Order,
    st.lists(lines, max_size=4),
    st.sampled_from(["DE", "FR", "AT", "CH", "XX"]),
    st.sampled_from(["regular", "partner", "employee"]),
    st.sampled_from([None, "WELCOME10", "SPRING5", "OLD"]),
    st.booleans(),
)


@settings(deadline=None)
@given(orders)
def test_the_prepared_answer_prices_every_order_the_same(order: Any) -> None:
    assert priced(PREPARED, order) == priced(SHOP, order)


def test_a_known_price() -> None:
    order = SHOP.Order([SHOP.Line("atlas", Decimal("30.00"), 2, Decimal("1.2"), "book")], express=True)
    assert SHOP.price_order(order) == PREPARED.price_order(order) == Decimal("82.00")
