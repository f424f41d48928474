"""A long `if` that ends a function or a loop: captures `statement`, `condition` and, in a loop, `loop`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.opposites import has_opposite, is_exact
from backend_team.checks.statements import own
from backend_team.checks.view import FUNCTIONS, Hit
from backend_team.findings import Safety
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (*FUNCTIONS, ast.For, ast.AsyncFor, ast.While)
_SHORTEST: Final = 10  # lines: a shorter body is no burden one level deeper
_LEFT_ALONE: Final = frozenset({"__debug__", "TYPE_CHECKING"})
_BLOCKS: Final = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try)
SHAPES: Final = {kind: {"?last": (ast.If,)} for kind in FUNCTIONS}


def check(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.For | ast.AsyncFor | ast.While, view: View
) -> Iterator[Hit]:
    """Find a body whose last statement is a long `if` with more blocks in it, and no `if` before it like a case."""
    last = node.body[-1]
    if last.__class__ is not ast.If:
        return
    assert isinstance(last, ast.If)
    assert last.end_lineno is not None
    if last.orelse or last.end_lineno - last.body[0].lineno < _SHORTEST:
        return
    if len(node.body) > 1 and isinstance(node.body[-2], ast.If):
        return
    if not has_opposite(last.test) or not any(isinstance(part, _BLOCKS) for part in last.body):
        return
    if any(isinstance(part, ast.Name) and part.id in _LEFT_ALONE for part in ast.walk(last.test)):
        return
    captures = [("statement", view.span(last)), ("condition", view.span(last.test))]
    if isinstance(node, FUNCTIONS):
        if any(isinstance(part, ast.Return) and part.value is not None for part in own(node.body)):
            return
        word = "return"
    else:
        if isinstance(last.body[-1], (ast.Break, ast.Return, ast.Raise)):
            return  # the case that was looked for
        word = "continue"
        captures.append(("loop", view.keyword(node, 3)))
    mark = Span(view.start(last), view.end(last.test))
    safety = None if is_exact(last.test) else Safety.REVIEW
    yield Hit(mark, f"Say the opposite and `{word}`: the rest needs no indentation", tuple(captures), safety)
