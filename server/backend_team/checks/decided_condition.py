"""An `and` or `or` whose answer is known: captures `condition` and `part`, which decides it."""

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
    """Find `x and not x`, `x or not x`, `x and False` and `x or True`."""
    found = _decider(node)
    if found is not None:
        span = view.span(node)
        answer = "holds" if isinstance(node.op, ast.Or) else "fails"
        yield Hit(span, f"This condition always {answer}", (("condition", span), ("part", view.span(found))))


def _decider(node: ast.BoolOp) -> ast.expr | None:
    decisive = isinstance(node.op, ast.Or)
    for value in node.values[1:]:
        if isinstance(value, ast.Constant) and value.value is decisive:
            return value
    for value in node.values:
        if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not) and is_simple(value.operand):
            for other in node.values:
                if same(other, value.operand):
                    return value
    return None
