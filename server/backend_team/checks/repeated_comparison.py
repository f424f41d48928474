"""One name compared to several values: captures `target`, `name`, `value` of each, `in` or `not-in`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.view import Hit
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.BoolOp,)


def check(node: ast.BoolOp, view: View) -> Iterator[Hit]:
    """Find `x == 1 or x == 2`, and `x != 1 and x != 2`."""
    wanted = ast.Eq if isinstance(node.op, ast.Or) else ast.NotEq
    first = node.values[0]
    if not isinstance(first, ast.Compare) or not is_simple(first.left) or isinstance(first.left, ast.Constant):
        return
    values = []
    for value in node.values:
        if not isinstance(value, ast.Compare) or len(value.ops) != 1 or not isinstance(value.ops[0], wanted):
            return
        other = value.comparators[0]
        if not same(value.left, first.left) or not is_simple(other):
            return
        if isinstance(other, ast.Constant) and (
            not isinstance(other.value, (str, bytes, int)) or isinstance(other.value, bool)
        ):
            return
        values.append(("value", view.span(other)))
    span, name = view.span(node), view.span(first.left)
    kind = "in" if wanted is ast.Eq else "not-in"
    yield Hit(span, f"Say `{kind.replace('-', ' ')}`", (("target", span), ("name", name), *values, (kind, name)))
