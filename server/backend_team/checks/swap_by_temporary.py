"""Two values that change places through a third name: captures `statement` (the first), `left`, `right`, `end`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import BODIES, bodies
from backend_team.checks.view import FUNCTIONS, Hit
from backend_team.findings import Safety
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `t = a`, `a = b`, `b = t` where nothing else knows `t`."""
    for body in bodies(node):
        for index in range(len(body) - 2):
            first, second, third = body[index : index + 3]
            if (
                first.__class__ is not ast.Assign
                or second.__class__ is not ast.Assign
                or third.__class__ is not ast.Assign
            ):
                continue
            assert isinstance(first, ast.Assign)
            assert isinstance(second, ast.Assign)
            assert isinstance(third, ast.Assign)
            if any(len(each.targets) != 1 for each in (first, second, third)):
                continue
            name, left, right = first.targets[0], first.value, second.value
            if not isinstance(name, ast.Name) or not isinstance(third.value, ast.Name) or third.value.id != name.id:
                continue
            if not same(second.targets[0], left) or not same(third.targets[0], right):
                continue
            function = node if isinstance(node, FUNCTIONS) else view.scope.node
            if not isinstance(function, FUNCTIONS) or _count(function, name.id) != 2:
                continue
            whole = Span(view.start(first), view.end(third))
            captures = (("statement", view.span(first)), ("left", view.span(left)), ("right", view.span(right)))
            plain = isinstance(left, ast.Name) and isinstance(right, ast.Name)
            yield Hit(whole, None, (*captures, ("end", whole)), None if plain else Safety.REVIEW)


def _count(function: ast.AST, name: str) -> int:
    return sum(isinstance(part, ast.Name) and part.id == name for part in ast.walk(function))
