"""f-strings that format nothing: capture `string` (all parts, when several stand side by side)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.JoinedStr,)


def check(node: ast.JoinedStr, view: View) -> Iterator[Hit]:
    """Find an `f` that does nothing; doubled braces become single ones without it."""
    if all(isinstance(part, ast.Constant) for part in node.values):
        span = view.span(node)
        yield Hit(span, None, (("string", span),))
