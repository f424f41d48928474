"""`not a == b`: capture `target`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.UnaryOp,)
_EQUAL: Final = (ast.Eq, ast.NotEq)
_ANSWERING: Final = frozenset({"__eq__", "__ne__"})


def check(node: ast.UnaryOp, view: View) -> Iterator[Hit]:
    """Find it where the operator itself is not what matters, as in `__ne__`, which would call itself, and in tests."""
    asked = node.operand
    if not isinstance(asked, ast.Compare) or not isinstance(node.op, ast.Not) or len(asked.ops) != 1:
        return
    if not isinstance(asked.ops[0], _EQUAL):
        return
    function = view.scope.node
    if isinstance(function, FUNCTIONS) and (function.name in _ANSWERING or "assert" in function.name.lower()):
        return
    plain = any(isinstance(side, ast.Constant) for side in (asked.left, asked.comparators[0]))
    if not plain and isinstance(view.parent(node), ast.Assert):
        return
    span = view.span(node)
    yield Hit(span, f"Say `{'!=' if isinstance(asked.ops[0], ast.Eq) else '=='}`", (("target", span),))
