"""One text asked for several beginnings or ends: captures of `runs`, and `call` or `not-call`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.runs import Question, hit, runs, without_not

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Hit, View

NODES: Final = (ast.BoolOp,)
_METHODS: Final = frozenset({"startswith", "endswith"})


def check(node: ast.BoolOp, view: View) -> Iterator[Hit]:
    """Find `x.startswith("a") or x.startswith("b")`, and `not …` of both between `and`."""

    def question(value: ast.expr) -> Question | None:
        call = without_not(value, node)
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or len(call.args) != 1:
            return None
        if call.func.attr not in _METHODS or call.keywords or not is_simple(call.func.value):
            return None
        answers = call.args[0].elts if isinstance(call.args[0], ast.Tuple) else call.args
        if not all(isinstance(each, ast.Constant) and isinstance(each.value, (str, bytes)) for each in answers):
            return None
        return Question(call.func, "call" if call is value else "not-call", answers)

    for run in runs(node, question):
        function = run[0][1].about
        assert isinstance(function, ast.Attribute)
        yield hit(run, view, f"Ask {function.attr}() once, with all of them")
