"""`return` in a function that answers with values elsewhere: capture `statement`."""

from __future__ import annotations

import ast
from types import NoneType
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import is_generator, own
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Return,)
SHAPES: Final = {ast.Return: {"value": (NoneType,)}}


def check(node: ast.Return, view: View) -> Iterator[Hit]:
    """Find a bare `return` beside `return value`."""
    function = view.scope.node
    if node.value is not None or not isinstance(function, FUNCTIONS):
        return
    answers = any(isinstance(part, ast.Return) and _is_value(part.value) for part in own(function.body))
    if answers and not is_generator(function.body):
        span = view.span(node)
        yield Hit(span, None, (("statement", span),))


def _is_value(value: ast.expr | None) -> bool:
    return value is not None and not (isinstance(value, ast.Constant) and value.value is None)
