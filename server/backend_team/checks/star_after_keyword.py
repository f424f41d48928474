"""`f(name=…, *values)`: capture `values`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Starred,)


def check(node: ast.Starred, view: View) -> Iterator[Hit]:
    """Find unpacked values that are written after a keyword."""
    call = view.parent(node)
    if not isinstance(call, ast.Call):
        return
    start = view.start(node)
    if any(keyword.arg is not None and view.start(keyword) < start for keyword in call.keywords):
        span = view.span(node)
        yield Hit(span, None, (("values", span),), anchor=view.start(call))
