"""An f-string where the docstring stands: capture `string`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = (*FUNCTIONS, ast.ClassDef)
SHAPES: Final = {kind: {"body0": (ast.Expr,)} for kind in (ast.FunctionDef, ast.AsyncFunctionDef)}


def check(node: FunctionNode | ast.ClassDef, view: View) -> Iterator[Hit]:
    """Find definitions whose first statement is an f-string; the head of a class comes without its members."""
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.JoinedStr):
        span = view.span(first)
        yield Hit(span, None, (("string", span),))
