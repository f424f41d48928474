"""`while True` that begins with its end: captures `statement`, `test`, `break` (the `if`), maybe `assignment`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.opposites import has_opposite, is_exact
from backend_team.checks.statements import lone
from backend_team.checks.view import Hit
from backend_team.findings import Safety
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.While,)
_LONGEST: Final = 60  # characters of what is asked and assigned


def check(node: ast.While, view: View) -> Iterator[Hit]:
    """Find `while True: if c: break`, and `while True: x = f()` with `if not x: break`."""
    if not isinstance(node.test, ast.Constant) or not node.test.value or node.orelse or len(node.body) < 2:
        return
    first, second = node.body[:2]
    if isinstance(first, ast.If):
        if _breaks(first) and has_opposite(first.test):
            yield _hit(node, first, view, None if is_exact(first.test) else Safety.REVIEW)
        return
    if len(node.body) < 3 or not isinstance(first, ast.Assign) or not isinstance(second, ast.If) or not _breaks(second):
        return
    target, test = first.targets[0], second.test
    if not isinstance(test, ast.UnaryOp) or not isinstance(test.op, ast.Not) or len(first.targets) != 1:
        return
    asked = test.operand
    if not isinstance(target, ast.Name) or not isinstance(asked, ast.Name) or target.id != asked.id:
        return
    value = first.value
    if value.lineno != value.end_lineno or isinstance(value, (ast.Yield, ast.YieldFrom, ast.Tuple)):
        return
    if view.end(value) - view.start(first) > _LONGEST or "#" in view.text[view.end(value) : view.start(second)]:
        return
    yield _hit(node, second, view, None, first)


def _breaks(node: ast.If) -> bool:
    return not node.orelse and lone(node.body, ast.Break) is not None


def _hit(node: ast.While, end: ast.If, view: View, safety: Safety | None, assignment: ast.Assign | None = None) -> Hit:
    captures = [("statement", view.span(node)), ("test", view.span(node.test)), ("break", view.span(end))]
    if assignment is not None:
        captures += [("assignment", view.span(assignment)), ("value", view.span(assignment.value))]
    return Hit(Span(view.start(node), view.end(node.test)), None, tuple(captures), safety)
