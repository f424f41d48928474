"""`__init__` that returns something: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import own
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.FunctionDef,)
SHAPES: Final = {ast.FunctionDef: {"?special": (True,)}}


def check(node: ast.FunctionDef, view: View) -> Iterator[Hit]:
    """Find `return value` in `__init__` where the value is surely not None."""
    if node.name != "__init__" or not node.args.args or node.args.args[0].arg != "self":
        return
    for part in own(node.body):
        if isinstance(part, ast.Return) and _is_something(part.value):
            span = view.span(part)
            yield Hit(span, None, (("statement", span),))


def _is_something(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Constant):
        return value.value is not None
    return isinstance(value, (ast.Name, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.JoinedStr, ast.Compare, ast.BinOp))
