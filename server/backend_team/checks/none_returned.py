"""`return None` in a function that says it returns nothing: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import own
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import View

NODES: Final = FUNCTIONS


def check(node: ast.FunctionDef | ast.AsyncFunctionDef, view: View) -> Iterable[Hit]:
    """Find `return None` anywhere but at the end of a function that is annotated `-> None`."""
    if not isinstance(node.returns, ast.Constant) or node.returns.value is not None:
        return ()
    return _returned(node, view)


def _returned(node: ast.FunctionDef | ast.AsyncFunctionDef, view: View) -> Iterator[Hit]:
    returns = [part for part in own(node.body) if isinstance(part, ast.Return)]
    if not all(part.value is None or _is_none(part.value) for part in returns):
        return  # what others return, which is None, too
    for part in returns:
        if part.value is not None and part is not node.body[-1]:
            span = view.span(part)
            yield Hit(span, None, (("statement", span), ("value", view.span(part.value))))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
