"""A generator expression as a statement: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Expr,)
SHAPES: Final = {ast.Expr: {"value": (ast.GeneratorExp,)}}


def check(node: ast.Expr, view: View) -> Iterator[Hit]:
    """Find them."""
    if node.value.__class__ is ast.GeneratorExp:
        span = view.span(node)
        yield Hit(span, None, (("statement", span),))
