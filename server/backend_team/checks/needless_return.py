"""`return` where the function ends anyway: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import own
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = FUNCTIONS
SHAPES: Final = {kind: {"?last": (ast.Return,)} for kind in FUNCTIONS}


def check(node: ast.FunctionDef | ast.AsyncFunctionDef, view: View) -> Iterator[Hit]:
    """Find `return` or `return None` as the last of several statements, when no other `return` has a value."""
    last = node.body[-1]
    if not isinstance(last, ast.Return) or len(node.body) == 1:
        return
    if not _is_none(last.value):
        return
    returns = [part for part in own(node.body) if isinstance(part, ast.Return)]
    if len(returns) > 1 and any(part.value is not None for part in returns):
        return
    if len(node.body) == 2 and isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant):
        return  # a docstring alone would be a body as well, but says less
    span = view.span(last)
    yield Hit(span, None, (("statement", span),))


def _is_none(value: ast.expr | None) -> bool:
    return value is None or (isinstance(value, ast.Constant) and value.value is None)
