"""A branch that does nothing, with an `else`: captures `statement`, `test`, `body` (the pass), `else`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import lone
from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
SHAPES: Final = {ast.If: {"body0": (ast.Pass,), "orelse#": range(1, 9999)}}


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find `if test: pass` / `else: …`."""
    if (
        not node.orelse
        or lone(node.body, ast.Pass) is None
        or view.is_elif(node)
        or isinstance(node.orelse[0], ast.Pass)
    ):
        return
    if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and view.is_elif(node.orelse[0]):
        return
    test, body = view.span(node.test), view.span(node.body[0])
    keyword = view.find("else", body.end, view.start(node.orelse[0]))
    if "#" in view.text[test.end : keyword.start]:
        return
    captures = (("statement", view.span(node)), ("test", test), ("body", body), ("else", keyword))
    yield Hit(Span(view.start(node), test.end), None, captures)
