"""`return` in `finally`, which swallows the exception on its way: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Try,)
_ELSEWHERE: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)


def check(node: ast.Try, view: View) -> Iterator[Hit]:
    """Find `return` in the last part of a `try`."""
    todo: list[ast.AST] = [*node.finalbody]
    while todo:
        part = todo.pop()
        if isinstance(part, ast.Return):
            span = view.span(part)
            yield Hit(span, None, (("statement", span),))
        elif not isinstance(part, _ELSEWHERE):
            todo += ast.iter_child_nodes(part)
