"""Handlers of all exceptions that neither raise nor log: capture `exception`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)
_NAMES: Final = frozenset({"Exception", "BaseException"})
_LOGGING: Final = frozenset({"exception", "print_exc", "print_exception", "format_exc", "critical", "error", "warning"})


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find them."""
    if not isinstance(node.type, ast.Name) or node.type.id not in _NAMES:
        return
    for statement in node.body:
        for part in ast.walk(statement):
            if isinstance(part, ast.Raise):
                return
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in _LOGGING:
                return
    span = view.span(node.type)
    yield Hit(span, None, (("exception", span),), requires=builtin(node.type.id))
