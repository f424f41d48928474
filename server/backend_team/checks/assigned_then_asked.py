"""A value that is named and asked about, for one `if` only: captures `assignment`, `name`, `value`, `condition`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import BODIES, bodies
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = ((ast.Assign, ast.If),)
_LONGEST: Final = 72  # characters of the line it becomes, its indentation aside
_ODD: Final = (ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.Tuple, ast.Lambda, ast.IfExp)


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `x = f()` right above `if x:`, where nothing but that `if` knows `x`."""
    for body in bodies(node):
        for index, choice in enumerate(body):
            if choice.__class__ is ast.If and index and body[index - 1].__class__ is ast.Assign:
                yield from _asked(node, body[index - 1], choice, view)


def _asked(node: ast.stmt, assignment: ast.stmt, choice: ast.stmt, view: View) -> Iterator[Hit]:
    assert isinstance(assignment, ast.Assign)
    assert isinstance(choice, ast.If)
    target, value = assignment.targets[0], assignment.value
    if not isinstance(target, ast.Name) or len(assignment.targets) != 1 or isinstance(value, (ast.Constant, *_ODD)):
        return
    place = asked_name(choice.test)
    if place is None or place.id != target.id or value.lineno != value.end_lineno:
        return
    start, end = view.start(assignment), view.end(value)
    if end - start + view.end(choice.test) - view.start(choice) > _LONGEST:
        return
    if "#" in view.text[end : view.start(choice)] or not _names(choice.body, target.id):
        return
    function = node if isinstance(node, FUNCTIONS) else view.scope.node
    if not isinstance(function, FUNCTIONS):
        return
    if _names([function], target.id) != 1 + _names([choice], target.id):
        return
    captures = (
        ("assignment", view.span(assignment)),
        ("name", view.span(place)),
        ("value", view.span(value)),
        ("condition", view.span(choice.test)),
    )
    yield Hit(view.span(assignment), None, captures, anchor=view.start(choice))


def asked_name(test: ast.expr) -> ast.Name | None:
    """The name that a condition is about: `x`, `x is None`, `x == 1`."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.comparators[0], ast.Constant):
        test = test.left
    return test if isinstance(test, ast.Name) else None


def _names(nodes: list[ast.stmt] | list[ast.FunctionDef | ast.AsyncFunctionDef] | list[ast.If], name: str) -> int:
    """How often the name stands in the nodes; where it is declared to be of elsewhere, too often."""
    count = 0
    for part in (part for node in nodes for part in ast.walk(node)):
        if isinstance(part, ast.Name):
            count += part.id == name
        elif isinstance(part, (ast.Global, ast.Nonlocal)) and name in part.names:
            count += 100
    return count
