"""`==` with None: capture `operator`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.truth import answers_itself
from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Compare,)
_EITHER: Final = {"ops#": (1,), "ops0": (ast.Eq, ast.NotEq)}
SHAPES: Final = {
    ast.Compare: ({"left": (ast.Constant,), **_EITHER}, {"comparators0": (ast.Constant,), **_EITHER}),
}
_OPERATOR: Final = re.compile(r"#[^\r\n]*|([=!]=)")


def check(node: ast.Compare, view: View) -> Iterator[Hit]:
    """Find comparisons of one thing to None whose answer is used as a truth value, not as part of a query."""
    if len(node.ops) != 1 or node.ops[0].__class__ not in {ast.Eq, ast.NotEq}:
        return
    sides = (node.left, node.comparators[0])
    if not any(isinstance(side, ast.Constant) and side.value is None for side in sides) or answers_itself(node, view):
        return
    around = view.parent(node)
    if isinstance(around, ast.Call) and getattr(around.func, "attr", "").startswith("assert"):
        return  # a test of the operator
    span = view.span(node)
    found = next(each for each in _OPERATOR.finditer(view.text, view.end(node.left), view.start(sides[1])) if each[1])
    yield Hit(span, None, (("operator", Span(found.start(1), found.end(1))),))
