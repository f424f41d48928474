"""A condition that always holds: capture `condition`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If, ast.While, ast.IfExp, ast.Assert)
_OBJECTS: Final = (ast.Lambda, ast.GeneratorExp)
_DISPLAYS: Final = (ast.List, ast.Set, ast.Tuple)
SHAPES: Final = {kind: {"test": (ast.BoolOp, ast.Constant, *_DISPLAYS, *_OBJECTS)} for kind in NODES}


def check(node: ast.If | ast.While | ast.IfExp | ast.Assert, view: View) -> Iterator[Hit]:
    """Find conditions that are texts, filled displays, functions, or an `or` with such a thing."""
    test = node.test
    found: ast.expr | None = None
    if isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.Or):
            found = next((value for value in test.values if _is_true(value)), None)
    elif _is_true(test) and not (isinstance(node, ast.Assert) and isinstance(test, ast.Tuple)):
        found = test
    if found is not None:
        span = view.span(found)
        yield Hit(span, None, (("condition", span),))


def _is_true(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (str, bytes)) and bool(node.value)
    if isinstance(node, _DISPLAYS):
        return any(not isinstance(item, ast.Starred) for item in node.elts)
    return isinstance(node, _OBJECTS)
