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
    if isinstance(node, ast.ImportFrom):
        found = not node.level and node.module in {"mock", "mock.mock"}
    else:
        found = any(alias.name in {"mock", "mock.mock"} for alias in node.names)
    if found and id(node) not in view.scope.attempts:
        yield Hit(view.span(node), None, (("statement", view.span(node)),))
