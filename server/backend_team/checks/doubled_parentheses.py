"""`print(("text"))`: captures `call` and `argument` (without its parentheses)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Call,)
_NEED_THEM: Final = (ast.Tuple, ast.GeneratorExp, ast.NamedExpr, ast.Starred, ast.Yield, ast.YieldFrom)
SHAPES: Final = {ast.Call: {"args#": (1,), "args0": {*ast.expr.__subclasses__()} - {*_NEED_THEM}, "keywords#": (0,)}}


def check(node: ast.Call, view: View) -> Iterable[Hit]:
    """Find calls whose only argument stands in parentheses of its own; not one over several lines."""
    if len(node.args) != 1 or node.keywords:
        return ()
    argument = node.args[0]
    function = node.func
    assert function.end_col_offset is not None
    if argument.lineno == function.end_lineno and argument.col_offset - function.end_col_offset < 2:
        return ()  # most calls
    return _doubled(node, argument, view)


def _doubled(node: ast.Call, argument: ast.expr, view: View) -> Iterator[Hit]:
    function = node.func
    if argument.lineno != argument.end_lineno or isinstance(argument, _NEED_THEM):
        return
    place = view.span(argument)
    start = view.end(function)
    before = "".join(view.text[start : place.start].split())
    after = "".join(view.text[place.end : view.end(node)].split())
    if before.strip("(") or before.count("(") < 2 or after.rstrip(",") != ")" * before.count("("):
        return
    yield Hit(Span(start, view.end(node)), None, (("call", view.span(node)), ("argument", place)))
