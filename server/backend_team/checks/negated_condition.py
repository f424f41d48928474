"""`if not …` with an `else`: captures `statement`, `condition` (without `not`) and `negation`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.needless_bool import is_needless
from backend_team.checks.statements import LEAVING, lone
from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
SHAPES: Final = {ast.If: {"test": (ast.UnaryOp,), "orelse#": range(1, 9999)}}


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find `if not x` with an `else`, whose two bodies are of about the same weight."""
    test = node.test
    if not isinstance(test, ast.UnaryOp) or not isinstance(test.op, ast.Not) or not node.orelse or view.is_elif(node):
        return
    if isinstance(test.operand, (ast.Compare, ast.UnaryOp)) or isinstance(node.body[0], ast.Pass):
        return
    if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        return  # `elif`, or to be one
    if node.body[-1].__class__ in LEAVING or is_needless(node):
        return
    if lone(node.body, ast.Assign) is not None and lone(node.orelse, ast.Assign) is not None:
        return  # perhaps one assignment of a choice
    if _lines(node.body) < _lines(node.orelse):
        return  # what is short, and often the exception, may come first
    captures = (
        ("statement", view.span(node)),
        ("negation", view.span(test)),
        ("condition", view.span(test.operand)),
    )
    yield Hit(Span(view.start(node), view.end(test)), None, captures)


def _lines(body: list[ast.stmt]) -> int:
    assert body[-1].end_lineno is not None
    return body[-1].end_lineno - body[0].lineno
