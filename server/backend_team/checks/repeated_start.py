"""Two branches that begin with the same statement: captures `choice` and, of each branch, `start`."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import is_local
from backend_team.checks.view import FUNCTIONS, Hit
from backend_team.findings import Safety
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
_MOVABLE: Final = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Assert)
_WAITS: Final = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
SHAPES: Final = {ast.If: {"body#": range(2, sys.maxsize), "body0": _MOVABLE, "orelse#": range(2, sys.maxsize)}}


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find `if` and `else` that begin with the same, which has nothing to do with what is asked."""
    first = node.body[0]
    if not isinstance(first, _MOVABLE) or len(node.body) < 2 or len(node.orelse) < 2 or view.is_elif(node):
        return
    if not same(first, node.orelse[0]) or (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)):
        return
    names = _asked(node.test)
    if not names or view.scope.kind != "function":
        return
    if any(isinstance(part, _WAITS) or (isinstance(part, ast.Name) and part.id in names) for part in ast.walk(first)):
        return
    captures = (
        ("choice", view.span(node)),
        ("start", view.span(first)),
        ("start", view.span(node.orelse[0])),
    )
    function = view.scope.node
    own = isinstance(function, FUNCTIONS) and all(is_local(name, function) for name in names)
    safety = None if own and _is_exact(node.test) else Safety.REVIEW
    yield Hit(view.span(first), None, captures, safety, anchor=view.start(node))


def _asked(test: ast.expr) -> set[str]:
    """The names that a condition asks about, when it asks nothing else; empty otherwise."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _asked(test.operand)
    if isinstance(test, ast.BoolOp):
        parts = [_asked(value) for value in test.values]
        return set().union(*parts) if all(parts) else set()
    if isinstance(test, ast.Compare):
        return _asked(test.left) if len(test.ops) == 1 and isinstance(test.comparators[0], ast.Constant) else set()
    return {test.id} if isinstance(test, ast.Name) else set()


def _is_exact(test: ast.expr) -> bool:
    """Whether nothing but what the names stand for is asked."""
    return isinstance(test, ast.Compare) and isinstance(test.ops[0], (ast.Is, ast.IsNot))
