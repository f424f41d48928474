"""A condition that was already asked: captures `condition` and `first`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
SHAPES: Final = {ast.If: {"orelse#": (1,), "orelse0": (ast.If,)}}
_CHANGING: Final = (ast.Call, ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find an `elif` that repeats the condition of a branch before it, so that it is never taken."""
    if len(node.orelse) != 1 or node.orelse[0].__class__ is not ast.If or view.is_elif(node):
        return
    tests = [node.test]
    branch = node
    while len(branch.orelse) == 1 and isinstance(branch.orelse[0], ast.If) and view.is_elif(branch.orelse[0]):
        branch = branch.orelse[0]
        for test in tests:
            if isinstance(test, ast.Constant):
                continue
            if same(test, branch.test) and not any(isinstance(part, _CHANGING) for part in ast.walk(test)):
                span, first = view.span(branch.test), view.span(test)
                captures = (("condition", span), ("first", first))
                yield Hit(span, None, captures, related=(("the condition is asked here already", first),))
                break
        tests.append(branch.test)
