"""A chain of `if` that looks a value up: captures `statement` and `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.statements import lone
from backend_team.checks.view import Hit
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
_FEWEST: Final = 3  # cases


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find `if x == 1: return "a"` / `elif x == 2: return "b"` and so on, all with values that stand there."""
    if view.is_elif(node) or not node.orelse:
        return
    count = 0
    asked: ast.expr | None = None
    branch = node
    while True:
        test = branch.test
        if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
            return
        if not is_simple(test.left) or not isinstance(test.comparators[0], ast.Constant) or not _is_value(branch.body):
            return
        if asked is not None and not same(asked, test.left):
            return
        asked = test.left
        count += 1
        following = lone(branch.orelse, ast.If)
        if following is None:
            break
        branch = following
    if count >= _FEWEST and (not branch.orelse or _is_value(branch.orelse)):
        captures = (("statement", view.span(node)), ("name", view.span(asked)))
        yield Hit(Span(view.start(node), view.end(node.test)), None, captures)


def _is_value(body: list[ast.stmt]) -> bool:
    statement = lone(body, ast.Return)
    return statement is not None and isinstance(statement.value, ast.Constant)
