"""A bound kept by hand: captures `target` (the `if`), `name`, `other` and `min` or `max`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.statements import lone
from backend_team.checks.view import Hit, builtin
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
SHAPES: Final = {ast.If: {"test": (ast.Compare,), "body#": (1,), "body0": (ast.Assign,), "orelse#": (0,)}}
_LESS: Final = (ast.Lt, ast.LtE)
_MORE: Final = (ast.Gt, ast.GtE)


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find `if a < b: a = b` and its kind."""
    statement = lone(node.body, ast.Assign)
    test = node.test
    if statement is None or node.orelse or not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return
    if not isinstance(test.ops[0], (*_LESS, *_MORE)) or len(statement.targets) != 1 or view.is_elif(node):
        return
    target, value = statement.targets[0], statement.value
    left, right = test.left, test.comparators[0]
    if not is_simple(target) or not is_simple(value):
        return
    if same(left, target) and same(right, value):
        name = "max" if isinstance(test.ops[0], _LESS) else "min"
    elif same(left, value) and same(right, target):
        name = "min" if isinstance(test.ops[0], _LESS) else "max"
    else:
        return
    captures = (
        ("target", view.span(node)),
        ("name", view.span(target)),
        ("other", view.span(value)),
        (name, view.span(test)),
    )
    yield Hit(Span(view.start(node), view.end(test)), f"This is {name}()", captures, requires=builtin(name))
