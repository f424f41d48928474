"""A name that only lives until the `return` below: captures `statement`, `value` and `return`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import BODIES, bodies
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = ((ast.Assign, ast.Return),)
_BETTER_NAMED: Final = (ast.Yield, ast.YieldFrom, ast.NamedExpr)


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `x = value` right above `return x`, where nothing else in the function knows `x`."""
    for body in bodies(node):
        last = body[-1]
        if last.__class__ is not ast.Return or len(body) == 1 or body[-2].__class__ is not ast.Assign:
            continue
        assignment = body[-2]
        assert isinstance(assignment, ast.Assign)
        assert isinstance(last, ast.Return)
        target, value = assignment.targets[0], last.value
        if not isinstance(target, ast.Name) or not isinstance(value, ast.Name) or target.id != value.id:
            continue
        if len(assignment.targets) != 1 or isinstance(assignment.value, _BETTER_NAMED):
            continue
        function = node if isinstance(node, FUNCTIONS) else view.scope.node
        if isinstance(function, FUNCTIONS) and _only_here(function, target.id):
            captures = (
                ("statement", view.span(assignment)),
                ("value", view.span(assignment.value)),
                ("return", view.span(last)),
            )
            yield Hit(view.span(last), f"`{target.id}` is assigned only to be returned", captures)


def _only_here(function: ast.AST, name: str) -> bool:
    """Whether nothing but the two statements knows the name, so that it has no other meaning to anybody."""
    count = 0
    for part in ast.walk(function):
        if isinstance(part, ast.Name):
            if part.id == name:
                count += 1
            elif part.id in {"locals", "eval", "exec", "vars"}:
                return False
        elif isinstance(part, (ast.Global, ast.Nonlocal)):
            if name in part.names:
                return False
        elif isinstance(part, ast.arg):
            count += part.arg == name
    return count == 2
