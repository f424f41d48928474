"""A handler that only passes over an exception of its own kind: captures `statement` and `exception`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import lone
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Try,)
_BROAD: Final = frozenset({"Exception", "BaseException"})
_PLAIN: Final = (ast.Expr, ast.Assign, ast.AugAssign, ast.Delete)
_WAITS: Final = (ast.Yield, ast.YieldFrom, ast.Await)


def check(node: ast.Try, view: View) -> Iterator[Hit]:
    """Find `try:` with one plain statement and one `except X: pass`."""
    if len(node.handlers) != 1 or len(node.body) != 1 or node.orelse or node.finalbody:
        return
    handler, statement = node.handlers[0], node.body[0]
    if handler.type is None or handler.name is not None or lone(handler.body, ast.Pass) is None:
        return
    if isinstance(handler.type, ast.Name) and handler.type.id in _BROAD:
        return
    if any(isinstance(part, ast.Constant) for part in ast.walk(handler.type)):  # no exception at all
        return
    if not isinstance(statement, _PLAIN) or any(isinstance(part, _WAITS) for part in ast.walk(statement)):
        return
    captures = (("statement", view.span(node)), ("exception", view.span(handler.type)))
    yield Hit(view.keyword(node, len("try")), None, captures)
