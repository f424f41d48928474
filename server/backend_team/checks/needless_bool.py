"""`if c: return True` / `else: return False`, and `True if c else False`.

Captures: `statement` or `expression` (what is replaced), `condition`; and, each with the place of the condition,
`negated` when the answer is the opposite of the condition, `boolean` when the condition can only be True or False, so
that it needs no `bool(…)`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import boolean_builtins, is_boolean
from backend_team.checks.view import Hit, builtin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If, ast.IfExp)
SHAPES: Final = {ast.If: {"body#": (1,), "orelse#": (1,)}}


def check(node: ast.If | ast.IfExp, view: View) -> Iterator[Hit]:
    """Find a truth value turned into itself."""
    if isinstance(node, ast.If):
        answers = _answers(node)
        if not _opposite(answers) or view.is_elif(node):
            return
        span, name = Span(view.start(node), view.end(node.test)), "statement"
    else:
        answers = [_truth(node.body), _truth(node.orelse)]
        span, name = view.span(node), "expression"
    if not _opposite(answers):
        return
    condition = view.span(node.test)
    captures = [(name, view.span(node)), ("condition", condition)]
    relied = {"bool"}
    if answers[0] is False:
        captures.append(("negated", condition))
        relied = set()
    elif is_boolean(node.test):
        captures.append(("boolean", condition))
        relied = boolean_builtins(node.test)
    yield Hit(span, None, tuple(captures), requires=builtin(*sorted(relied)))


def is_needless(node: ast.If) -> bool:
    """Whether the statement only returns what it asks, or the opposite."""
    return _opposite(_answers(node))


def _answers(node: ast.If) -> list[bool | None]:
    if len(node.body) != 1 or len(node.orelse) != 1:
        return []
    return [_returned(node.body[0]), _returned(node.orelse[0])]


def _opposite(answers: list[bool | None]) -> bool:
    return sorted(answers, key=str) == [False, True]


def _returned(node: ast.stmt) -> bool | None:
    return _truth(node.value) if isinstance(node, ast.Return) and node.value is not None else None


def _truth(node: ast.expr) -> bool | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, bool) else None
