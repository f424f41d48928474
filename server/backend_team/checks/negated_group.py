"""`not (…)` around conditions that all turn round at no cost: capture `target`, and safe or not by the place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import boolean_builtins, is_boolean
from backend_team.checks.view import Hit, builtin
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.UnaryOp,)
_EXACT: Final = (ast.Is, ast.IsNot, ast.In, ast.NotIn)
_EQUAL: Final = (ast.Eq, ast.NotEq)
_ASKING: Final = (ast.If, ast.While, ast.IfExp, ast.Assert)
SHAPES: Final = {ast.UnaryOp: {"op": (ast.Not,), "operand": (ast.BoolOp,)}}


def check(node: ast.UnaryOp, view: View) -> Iterator[Hit]:
    """Find `not (a is None and b not in c)` on one line, which is `a is not None or b in c`.

    A part that is no truth value, such as the `a` of `not (not a or b is c)`, is right only where truth alone is asked.
    """
    group = node.operand
    if not isinstance(node.op, ast.Not) or not isinstance(group, ast.BoolOp) or node.lineno != node.end_lineno:
        return
    if not all(map(_turns, group.values)):
        return
    parent = view.parent(node)
    if isinstance(parent, ast.BoolOp):
        return  # it would be in parentheses as before
    inner = [part.operand for part in group.values if isinstance(part, ast.UnaryOp)]
    exact = all(map(is_boolean, inner))
    if not exact and not (isinstance(parent, _ASKING) and parent.test is node):
        return
    overloaded = any(isinstance(part, ast.Compare) and isinstance(part.ops[0], _EQUAL) for part in group.values)
    span = view.span(node)
    relied = {name for part in inner for name in boolean_builtins(part)} if exact else set()
    requires = builtin(*sorted(relied))
    yield Hit(span, None, (("target", span),), Safety.REVIEW if overloaded else None, requires)


def _turns(node: ast.expr) -> bool:
    """Whether the opposite is said in as few words."""
    if isinstance(node, ast.Compare):
        return len(node.ops) == 1 and isinstance(node.ops[0], (*_EXACT, *_EQUAL))
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
