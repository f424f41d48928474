"""Two conditions, one after the other, that lead to the same: captures `first`, `second`, `body`, `again`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
SHAPES: Final = {ast.If: {"orelse#": (1,), "orelse0": (ast.If,)}}
_LONGEST: Final = 80  # characters: two conditions that make a longer one are better apart
_LINE: Final = 88
_LOOSE: Final = (ast.IfExp, ast.Lambda, ast.NamedExpr)


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find an `elif` whose body repeats that of the branch before it."""
    if len(node.orelse) != 1 or node.orelse[0].__class__ is not ast.If:
        return
    other = node.orelse[0]
    assert isinstance(other, ast.If)
    if len(node.body) != len(other.body) or not same(node.body, other.body) or not view.is_elif(other):
        return
    if isinstance(node.body[0], ast.Pass) or isinstance(node.test, _LOOSE) or isinstance(other.test, _LOOSE):
        return
    first, second = view.span(node.test), view.span(other.test)
    body, again = view.over(node.body), view.over(other.body)
    if "#" in view.text[first.end : again.end] or "\n" in view.of(first) or "\n" in view.of(second):
        return
    length = first.end - first.start + second.end - second.start
    if length > _LONGEST or node.col_offset + len("elif () or ():") + length > _LINE:
        return
    captures = (("first", first), ("second", second), ("body", body), ("again", again))
    mark = Span(view.start(other), second.end)
    yield Hit(mark, None, captures, related=(("the branch that does the same", body),))
