"""An f-string where the docstring stands: capture `string`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_team.checks.view import FunctionNode, View

NODES: Final = (*FUNCTIONS, ast.ClassDef)
SHAPES: Final = {kind: {"body0": (ast.Expr,)} for kind in (ast.FunctionDef, ast.AsyncFunctionDef)}


def check(node: FunctionNode | ast.ClassDef, view: View) -> Iterable[Hit]:
    """Find definitions whose first statement is an f-string; the head of a class comes without its members."""
    first = node.body[0] if node.body else None
    if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.JoinedStr):
        return ()
    span = view.span(first)
    return (Hit(span, None, (("string", span),)),)
