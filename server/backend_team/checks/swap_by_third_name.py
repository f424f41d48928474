"""Two values that change places through a third name: captures `first`, `second`, `third`, and `left`, `right`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.statements import BODIES, bodies
from backend_team.checks.view import FUNCTIONS, Hit
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = ((ast.Assign, ast.Assign),)


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `t = a`, `a = b`, `b = t`, of which nothing reads `t` later."""
    for body in bodies(node):
        for index in range(2, len(body)):
            third = body[index]
            if third.__class__ is not ast.Assign or body[index - 1].__class__ is not ast.Assign:
                continue
            first, second = body[index - 2], body[index - 1]
            if first.__class__ is not ast.Assign or not _is_swap(first, second, third):
                continue

            assert isinstance(first, ast.Assign)
            assert isinstance(second, ast.Assign)
            if _is_read(first.targets[0], third, node if isinstance(node, FUNCTIONS) else view.scope.node):
                continue
            captures = (
                ("first", view.span(first)),
                ("second", view.span(second)),
                ("third", view.span(third)),
                ("left", view.span(second.targets[0])),
                ("right", view.span(second.value)),
            )
            yield Hit(view.over((first, second, third)), None, captures)


def _is_swap(first: ast.stmt, second: ast.stmt, third: ast.stmt) -> bool:
    assert isinstance(first, ast.Assign)
    assert isinstance(second, ast.Assign)
    assert isinstance(third, ast.Assign)
    if any(len(each.targets) != 1 for each in (first, second, third)):
        return False
    name, left, right = first.targets[0], second.targets[0], second.value
    return (
        isinstance(name, ast.Name)
        and is_simple(right)
        and is_simple(left)
        and same(first.value, left)
        and same(third.targets[0], right)
        and same(third.value, name)
        and not same(name, right)
        and not same(name, left)
    )


def _is_read(name: ast.expr, third: ast.stmt, function: ast.AST | None) -> bool:
    """Whether the function has another use of the third name."""
    assert isinstance(name, ast.Name)
    return function is None or any(
        isinstance(part, ast.Name)
        and part.id == name.id
        and isinstance(part.ctx, ast.Load)
        and part.lineno != third.lineno
        for part in ast.walk(function)
    )
