"""`else:` that holds only an `if`: captures `statement`, `else` (the keyword), `inner` (the inner if)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import LEAVING
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
SHAPES: Final = {ast.If: {"orelse#": (1,), "orelse0": (ast.If,)}}


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find `else:` and `if` that could be `elif`."""
    if len(node.orelse) != 1 or not isinstance(inner := node.orelse[0], ast.If) or view.is_elif(inner):
        return
    if node.body[-1].__class__ in LEAVING and not view.is_elif(node):
        return  # no `else` is needed at all
    keyword = view.find("else", view.end(node.body[-1]), view.start(inner))
    if "#" in view.text[keyword.end : view.start(inner)]:  # a comment about the `else`
        return
    yield Hit(keyword, None, (("statement", view.span(node)), ("else", keyword), ("inner", view.span(inner))))
