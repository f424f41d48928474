"""`not not x`: captures `target` and `value`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.UnaryOp,)
SHAPES: Final = {ast.UnaryOp: {"op": (ast.Not,), "operand": (ast.UnaryOp,)}}


def check(node: ast.UnaryOp, view: View) -> Iterator[Hit]:
    """Find a negation of a negation."""
    inner = node.operand
    if isinstance(node.op, ast.Not) and isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.Not):
        span = view.span(node)
        yield Hit(span, None, (("target", span), ("value", view.span(inner.operand))), requires=builtin("bool"))
