"""`import mock`, a package that is part of Python since 3.3: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Import, ast.ImportFrom)


def check(node: ast.Import | ast.ImportFrom, view: View) -> Iterator[Hit]:
    """Find imports of `mock` that are no attempt."""
    if id(node) in view.scope.attempts:
        return
    if isinstance(node, ast.ImportFrom):
        if not node.level and node.module in {"mock", "mock.mock"}:
            yield Hit(view.span(node), None, (("statement", view.span(node)),))
        return
    for alias in node.names:
        if alias.name in {"mock", "mock.mock"}:
            yield Hit(view.span(alias), None, (("statement", view.span(node)),))
            return
