"""`raise` with a text, a number or a display: capture `exception`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Raise,)
_VALUES: Final = (ast.Constant, ast.JoinedStr, ast.List, ast.Dict, ast.Set, ast.Tuple)


def check(node: ast.Raise, view: View) -> Iterator[Hit]:
    """Find what is no exception by its looks."""
    value = node.exc
    if isinstance(value, ast.BinOp) and isinstance(getattr(value.left, "value", value.left), (str, ast.JoinedStr)):
        value = value.left  # a text with what is formatted into it
    if node.exc is not None and isinstance(value, _VALUES):
        span = view.span(node.exc)
        yield Hit(span, None, (("exception", span),))
