"""Something compared with itself: capture `comparison`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Compare,)
_SIMPLE: Final = frozenset({ast.Name, ast.Attribute})
_MEANT: Final = (ast.Eq, ast.NotEq)  # how a NaN is found, and how `__eq__` is tested
SHAPES: Final = {
    ast.Compare: tuple({"left": (kind,), "ops#": (1,), "comparators0": (kind,)} for kind in (ast.Name, ast.Attribute))
}


def check(node: ast.Compare, view: View) -> Iterator[Hit]:
    """Find `x is x`, `x < x`, `x in x`."""
    left, right = node.left, node.comparators[0]
    if left.__class__ is not right.__class__ or left.__class__ not in _SIMPLE or len(node.ops) != 1:
        return
    if getattr(view.scope.node, "name", "").startswith("test"):
        return  # a test of the operator
    if not isinstance(node.ops[0], _MEANT) and same(left, right):
        span = view.span(node)
        yield Hit(span, None, (("comparison", span),))
