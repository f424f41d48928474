"""Branches that all end with the same statement: captures `choice` and, of each branch, `end`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
SHAPES: Final = {ast.If: {"body#": range(2, 9999), "orelse#": range(1, 9999)}}
_MOVABLE: Final = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.Assert)


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find an `if` with an `else` whose branches do something of their own, and then the same."""
    last = node.body[-1]
    if not isinstance(last, _MOVABLE) or not node.orelse or len(node.body) < 2 or view.is_elif(node):
        return
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant):
        return
    ends: list[ast.stmt] = [last]
    branch = node
    while len(branch.orelse) == 1 and isinstance(branch.orelse[0], ast.If) and view.is_elif(branch.orelse[0]):
        branch = branch.orelse[0]
        ends.append(branch.body[-1])
        if len(branch.body) < 2 or not same(branch.body[-1], last):
            return
    if len(branch.orelse) < 2 or not same(branch.orelse[-1], last):
        return
    ends.append(branch.orelse[-1])
    captures = (("choice", view.span(node)), *(("end", view.span(end)) for end in ends))
    yield Hit(view.span(ends[-1]), None, captures, anchor=view.start(node))
