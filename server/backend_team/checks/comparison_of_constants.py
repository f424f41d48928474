"""Comparisons of two constants: capture `comparison`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Compare,)
SHAPES: Final = {ast.Compare: {"left": (ast.Constant,), "comparators0": (ast.Constant,)}}


def check(node: ast.Compare, view: View) -> Iterator[Hit]:
    """Find them, but not in tests, which may be about the operator."""
    if node.left.__class__ is not ast.Constant or not all(each.__class__ is ast.Constant for each in node.comparators):
        return
    if isinstance(view.parent(node), ast.Assert) or getattr(view.scope.node, "name", "").startswith("test"):
        return
    span = view.span(node)
    yield Hit(span, None, (("comparison", span),))
