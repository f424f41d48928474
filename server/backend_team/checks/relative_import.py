"""Imports from a package further up: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ImportFrom,)


def check(node: ast.ImportFrom, view: View) -> Iterator[Hit]:
    """Find imports with two dots or more: those of the same folder are no trouble."""
    if node.level > 1:
        span = view.span(node)
        yield Hit(span, None, (("statement", span),))
