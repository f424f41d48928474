"""`return None` in a function that says it returns nothing: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import own
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = FUNCTIONS


def check(node: ast.FunctionDef | ast.AsyncFunctionDef, view: View) -> Iterator[Hit]:
    """Find `return None` anywhere but at the end of a function that is annotated `-> None`."""
    if not isinstance(node.returns, ast.Constant) or node.returns.value is not None:
        return
    for part in own(node.body):
        if isinstance(part, ast.Return) and part is not node.body[-1]:
            value = part.value
            if isinstance(value, ast.Constant) and value.value is None:
                span = view.span(part)
                yield Hit(span, None, (("statement", span), ("value", view.span(value))))
