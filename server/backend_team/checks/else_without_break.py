"""`else` of a loop that nothing breaks: captures `statement` (the loop) and `else` (the keyword)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import belonging_breaks
from backend_team.checks.view import Hit
from backend_team.rules.shape import ANY_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For, ast.AsyncFor, ast.While)
SHAPES: Final = {kind: {"orelse#": ANY_NUMBER} for kind in (ast.For, ast.While)}


def check(node: ast.For | ast.AsyncFor | ast.While, view: View) -> Iterator[Hit]:
    """Find an `else` that always follows its loop."""
    if node.orelse and not belonging_breaks(node.body):
        keyword = view.find("else", view.end(node.body[-1]), view.start(node.orelse[0]))
        yield Hit(keyword, None, (("statement", view.span(node)), ("else", keyword)))
