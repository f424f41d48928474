"""An expression that stands alone and does nothing: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

# Not `with` and `try`: there an expression may be there to fail.
_AROUND: Final = (*FUNCTIONS, ast.If, ast.For, ast.AsyncFor, ast.While)
NODES: Final = (ast.Expr,)
_IDLE: Final = frozenset(
    {ast.Compare, ast.Name, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.BoolOp, ast.Constant, ast.Lambda}
)

_EFFECTS: Final = (ast.Call, ast.Await, ast.NamedExpr, ast.Yield)
SHAPES: Final = {ast.Expr: {"value": _IDLE}}


def check(node: ast.Expr, view: View) -> Iterator[Hit]:
    """Find comparisons, names, numbers and displays of those that nobody looks at."""
    value = node.value
    if isinstance(value, ast.Constant) and (isinstance(value.value, str) or value.value is ...):
        return  # a docstring, a comment, a stub
    if not isinstance(view.parent(node), _AROUND) or getattr(view.scope.node, "name", "").startswith("test"):
        return  # a test of the operator
    effects = _EFFECTS if isinstance(value, ast.Compare) else (*_EFFECTS, ast.Attribute, ast.Subscript, ast.Starred)
    if any(isinstance(part, effects) for part in ast.walk(value)):
        return
    span = view.span(node)
    message = "The comparison is not used" if isinstance(value, ast.Compare) else None
    yield Hit(span, message, (("statement", span),))
