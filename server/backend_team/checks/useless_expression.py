"""An expression that stands alone and does nothing: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import bodies
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

# Not `with` and `try`: there an expression may be there to fail.
NODES: Final = (*FUNCTIONS, ast.If, ast.For, ast.AsyncFor, ast.While)
_IDLE: Final = frozenset(
    {ast.Compare, ast.Name, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.BoolOp, ast.Constant, ast.Lambda}
)

_EFFECTS: Final = (ast.Call, ast.Await, ast.NamedExpr, ast.Yield)


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find comparisons, names, numbers and displays of those that nobody looks at."""
    if getattr(node, "name", getattr(view.scope.node, "name", "")).startswith("test"):
        return  # a test of the operator
    for body in bodies(node):
        for statement in body:
            if statement.__class__ is not ast.Expr or statement.value.__class__ not in _IDLE:
                continue
            assert isinstance(statement, ast.Expr)
            value = statement.value
            if isinstance(value, ast.Constant) and (isinstance(value.value, str) or value.value is ...):
                continue  # a docstring, a comment, a stub
            effects = (
                _EFFECTS if isinstance(value, ast.Compare) else (*_EFFECTS, ast.Attribute, ast.Subscript, ast.Starred)
            )
            if any(isinstance(part, effects) for part in ast.walk(value)):
                continue
            span = view.span(statement)
            message = "The comparison is not used" if isinstance(value, ast.Compare) else None
            yield Hit(span, message, (("statement", span),))
