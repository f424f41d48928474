"""Branches that do the same: captures `first` and `second`, the bodies, and `condition`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If, ast.IfExp)
SHAPES: Final = {ast.If: {"orelse#": range(1, 9999)}}


def check(node: ast.If | ast.IfExp, view: View) -> Iterator[Hit]:
    """Find a choice whose two ways are the same code."""
    if isinstance(node, ast.IfExp):
        if not same(node.body, node.orelse):
            return
        first, second = view.span(node.body), view.span(node.orelse)
        mark = view.span(node)
    else:
        if len(node.body) != len(node.orelse) or not same(node.body, node.orelse):
            return
        first, second = view.over(node.body), view.over(node.orelse)
        mark = Span(view.start(node), view.end(node.test))
        if isinstance(node.body[0], ast.Pass) or view.is_elif(node) or "#" in view.text[first.start : view.end(node)]:
            return
    captures = (("first", first), ("second", second), ("condition", view.span(node.test)))
    yield Hit(mark, None, captures, related=(("one way", first), ("the other way", second)))
