"""Files that are opened without `with`: capture `call` (of open); `assignment` and `close` where `with` would do."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import bodies
from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View

WANTS: Final = ("assignments",)
CALLS: Final = ("open",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find `open(…).read()`: nobody closes the file."""
    if not _is_open(node):
        return
    around = view.parent(node)
    if isinstance(around, ast.Attribute) and around.attr != "close":
        yield _hit(node, view)


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find `file = open(…)` with a `file.close()` further down, which an error would skip."""
    for assignment in scope.assignments:
        value = assignment.value
        if value is None or not _is_open(value) or scope.node is None or not isinstance(assignment, ast.Assign):
            continue
        target = assignment.targets[0]
        if len(assignment.targets) == 1 and isinstance(target, ast.Name) and _closes(scope.node, target.id):
            hit = _hit(value, view)
            close = _close_below(assignment, target.id, scope.node, view)
            if close is not None:
                hit.captures += (("assignment", view.span(assignment)), ("close", view.span(close)))
            yield hit


def _close_below(assignment: ast.Assign, name: str, function: ast.AST, view: View) -> ast.stmt | None:
    """The statement that closes the file in the same body, when nothing asks for the file after it."""
    around = next((body for body in bodies(view.parent(assignment)) if assignment in body), [])
    if not around:
        return None
    start = around.index(assignment)
    for index in range(start + 2, len(around)):
        if _is_closing(around[index], name):
            inside = sum(_count(statement, name) for statement in around[start : index + 1])
            return around[index] if inside == _count(function, name) else None
    return None


def _is_closing(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _is_close(node.value.func, name)


def _count(node: ast.AST, name: str) -> int:
    return sum(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node))


def _is_open(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"


def _closes(node: ast.AST, name: str) -> bool:
    """Whether the file is closed, but not in a `finally`, and not handed on to somebody who closes it."""
    found = False
    for part in ast.walk(node):
        if isinstance(part, ast.Try) and any(
            _is_close(inner, name) for last in part.finalbody for inner in ast.walk(last)
        ):
            return False
        if isinstance(part, (ast.Return, ast.Yield)) and isinstance(part.value, ast.Name) and part.value.id == name:
            return False
        found = found or _is_close(part, name)
    return found


def _is_close(node: ast.AST, name: str) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "close"
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    )


def _hit(node: ast.expr, view: View) -> Hit:
    span = view.span(node)
    return Hit(span, None, (("call", span),), requires=builtin("open"))
