"""`f(name=…, *values)`: capture `values`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.rules.shape import ANY_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Call,)
SHAPES: Final = {ast.Call: {"args#": ANY_NUMBER, "keywords#": ANY_NUMBER}}


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find unpacked values that are written after a keyword."""
    for argument in node.args:
        if argument.__class__ is ast.Starred:
            start = view.start(argument)
            if any(keyword.arg is not None and view.start(keyword) < start for keyword in node.keywords):
                span = view.span(argument)
                yield Hit(span, None, (("values", span),), anchor=view.start(node))
