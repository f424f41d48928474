"""Whether a comparison is asked for a truth value, or gives an answer of its own: a query, an array."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from backend_team.checks.view import View

_TESTS: Final = (ast.If, ast.While, ast.IfExp, ast.Assert, ast.comprehension)
_DISPLAYS: Final = (ast.Tuple, ast.List, ast.Set, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.Starred)
_ASKING: Final = frozenset({"bool", "assertTrue", "assertFalse", "print", "any", "all", "not_"})


def answers_itself(node: ast.Compare, view: View) -> bool:
    """Whether the comparison may be a condition of a query, or one for each item of an array.

    So it seems where it is handed to a function, put into brackets, joined by `&` and `|`, or speaks of an attribute of
    a class or of columns.
    """
    around = view.parent(node)
    part: ast.AST = node
    while isinstance(around, (ast.BoolOp, ast.IfExp, *_DISPLAYS)) or (
        isinstance(around, ast.UnaryOp) and isinstance(around.op, ast.Not)
    ):
        if isinstance(around, ast.UnaryOp) or (isinstance(around, ast.IfExp) and around.test is part):
            return False
        part, around = around, view.parent(around)
    if isinstance(around, _TESTS):
        return False
    if isinstance(around, ast.Call):
        return getattr(around.func, "id", getattr(around.func, "attr", "")) not in _ASKING
    if not isinstance(around, (ast.Return, ast.Assign, ast.AnnAssign, ast.Expr)):
        return True
    return any(map(_is_column, (node.left, *node.comparators)))


def _is_column(node: ast.expr) -> bool:
    """`Order.total`, `orders.c.total`."""
    if not isinstance(node, ast.Attribute):
        return False
    owner = node.value
    if isinstance(owner, ast.Attribute):
        return owner.attr in {"c", "columns"} or owner.attr[:1].isupper()
    return isinstance(owner, ast.Name) and owner.id[:1].isupper()
