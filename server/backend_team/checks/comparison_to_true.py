"""`==` with True or False: captures `comparison` and `X` (what is compared); `negated` when it must be false."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.truth import answers_itself
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Compare,)
SHAPES: Final = {ast.Compare: {"ops#": (1,), "ops0": (ast.Eq, ast.NotEq), "comparators0": (ast.Constant,)}}


def check(node: ast.Compare, view: View) -> Iterator[Hit]:
    """Find comparisons of one thing to a truth value, but not as part of a query."""
    if len(node.ops) != 1 or node.ops[0].__class__ not in {ast.Eq, ast.NotEq}:
        return
    other = node.comparators[0]
    if not isinstance(other, ast.Constant) or not isinstance(other.value, bool) or answers_itself(node, view):
        return
    span = view.span(node)
    captures = [("comparison", span), ("X", view.span(node.left))]
    if other.value is isinstance(node.ops[0], ast.NotEq):
        captures.append(("negated", view.span(other)))
    yield Hit(span, None, tuple(captures))
