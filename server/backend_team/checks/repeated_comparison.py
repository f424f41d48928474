"""One name compared to several values: captures of `runs`, and `in` or `not-in`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.runs import Question, hit, runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Hit, View

NODES: Final = (ast.BoolOp,)


def check(node: ast.BoolOp, view: View) -> Iterator[Hit]:
    """Find `x == 1 or x == 2`, and `x != 1 and x != 2`, perhaps among others."""
    wanted, how = (ast.Eq, "in") if isinstance(node.op, ast.Or) else (ast.NotEq, "not-in")

    def question(value: ast.expr) -> Question | None:
        if not isinstance(value, ast.Compare) or len(value.ops) != 1 or not isinstance(value.ops[0], wanted):
            return None
        name, other = value.left, value.comparators[0]
        if isinstance(name, ast.Constant):
            name, other = other, name
        if isinstance(name, ast.Constant) or not is_simple(name) or not is_simple(other):
            return None
        plain = isinstance(other, ast.Constant) and (
            isinstance(other.value, bool) or not isinstance(other.value, (str, bytes, int))
        )
        return None if plain else Question(name, how, (other,))

    for run in runs(node, question):
        yield hit(run, view, f"Say `{how.replace('-', ' ')}`")
