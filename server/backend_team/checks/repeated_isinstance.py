"""One object asked for several types: captures of `runs`, and `isinstance` or `not-isinstance`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.runs import Question, hit, runs, without_not
from backend_team.checks.view import builtin
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Hit, View

NODES: Final = (ast.BoolOp,)


def check(node: ast.BoolOp, view: View) -> Iterator[Hit]:
    """Find `isinstance(x, A) or isinstance(x, B)`, and `not …` of both between `and`."""

    def question(value: ast.expr) -> Question | None:
        call = without_not(value, node)
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != "isinstance":
            return None
        if len(call.args) != 2 or call.keywords or not is_simple(call.args[0]):
            return None
        answers = call.args[1].elts if isinstance(call.args[1], ast.Tuple) else [call.args[1]]
        if not answers or not all(isinstance(each, (ast.Name, ast.Attribute)) for each in answers):
            return None
        return Question(call.args[0], "isinstance" if call is value else "not-isinstance", answers)

    for run in runs(node, question):
        # An attribute may be worked out anew each time, or be missing where the first question decides.
        asked = (each for _, one in run for each in (one.about, *one.answers))
        safety = None if all(isinstance(each, ast.Name) for each in asked) else Safety.REVIEW
        yield hit(run, view, None, safety, builtin("isinstance"))
