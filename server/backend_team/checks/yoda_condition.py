"""A comparison that begins with what is known: captures `target`, `left`, `right` and, where it is so, `unequal`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Compare,)
_KNOWN: Final = (str, bytes, int, float, complex)
SHAPES: Final = {ast.Compare: {"left": (ast.Constant, ast.UnaryOp), "ops#": (1,), "ops0": (ast.Eq, ast.NotEq)}}


def check(node: ast.Compare, view: View) -> Iterator[Hit]:
    """Find `1 == x` and `"a" != x`; `0 < x` may be said as on paper."""
    if node.left.__class__ is not ast.Constant and node.left.__class__ is not ast.UnaryOp:
        return
    if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
        return
    right = node.comparators[0]
    if not _is_known(node.left) or _is_known(right) or isinstance(right, (ast.Constant, ast.BinOp)):
        return
    span, left = view.span(node), view.span(node.left)
    captures = [("target", span), ("left", left), ("right", view.span(right))]
    if isinstance(node.ops[0], ast.NotEq):
        captures.append(("unequal", left))
    yield Hit(span, None, tuple(captures))


def _is_known(node: ast.expr) -> bool:
    """A number or a text, written down."""
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant) and isinstance(node.value, _KNOWN) and not isinstance(node.value, bool)
