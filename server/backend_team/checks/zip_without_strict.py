"""`zip` that doesn't say whether the lengths must agree: capture `call`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("zip",)
_ENDLESS: Final = frozenset({"count", "cycle", "repeat", "range"})


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls of several things that may be of different lengths by mistake."""
    if not isinstance(node.func, ast.Name) or len(node.args) < 2 or node.keywords:
        return
    for argument in node.args:
        if isinstance(argument, ast.Starred) or (
            isinstance(argument, ast.Subscript) and isinstance(argument.slice, ast.Slice)
        ):
            return
        if (
            isinstance(argument, ast.Call)
            and getattr(argument.func, "attr", getattr(argument.func, "id", "")) in _ENDLESS
        ):
            return
    span = view.span(node)
    yield Hit(span, None, (("call", span),), requires=builtin("zip"))
