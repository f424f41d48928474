"""`Decimal` of a float that is not exact: capture `number`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("Decimal",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find floats written down that are not the sum of powers of two they seem."""
    if len(node.args) != 1 or node.keywords:
        return
    number = node.args[0]
    value = number.operand if isinstance(number, ast.UnaryOp) else number
    if not isinstance(value, ast.Constant) or not isinstance(value.value, float):
        return
    from decimal import Decimal, InvalidOperation  # only where it is needed: it takes its time

    try:
        exact = Decimal(view.of(view.span(value)).replace("_", "")) == Decimal(value.value)
    except InvalidOperation:
        return
    found = origin(node.func, {"decimal": ("Decimal",)})
    if found is not None and not exact:
        span = view.span(number)
        yield Hit(span, None, (("number", span),), requires=(found[2],))
