"""A function that answers on some ways and falls off its end on others: captures `function` and `last`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import LEAVING, belonging_breaks, is_generator, own
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = FUNCTIONS
_LOOPS: Final = (ast.For, ast.AsyncFor)
_ANSWERLESS: Final = frozenset({"__init__", "__setattr__", "__delattr__", "__set__", "__setitem__", "__exit__"})
SHAPES: Final = {kind: {"?last": (ast.If, ast.For, ast.AsyncFor)} for kind in FUNCTIONS}


def check(node: ast.FunctionDef | ast.AsyncFunctionDef, view: View) -> Iterator[Hit]:
    """Find functions whose last statement is a loop or a condition that surely can be passed."""
    last = node.body[-1]
    if not isinstance(last, (ast.If, *_LOOPS)) or not _passes(last) or node.name in _ANSWERLESS:
        return
    if isinstance(last, ast.If) and (last.orelse or (len(node.body) > 1 and isinstance(node.body[-2], ast.If))):
        return  # the cases may be all there are
    values = [part.value for part in own(node.body) if isinstance(part, ast.Return)]
    if not values or any(value is None or _is_none(value) for value in values) or is_generator(node.body):
        return
    if all(isinstance(value, ast.Constant) and value.value is True for value in values):
        return  # a question whose "no" is None, too
    name = view.name_of(node)
    captures = (("function", view.whole(node)), ("last", view.span(last)))
    yield Hit(name, f"`{node.name}` may end without a `return`", captures, anchor=view.start(node))


def _passes(node: ast.stmt) -> bool:
    """Whether execution surely can go on behind the statement; calls may never come back."""
    if isinstance(node, ast.If):
        return not node.orelse or _end_passes(node.body) or _end_passes(node.orelse)
    if isinstance(node, _LOOPS):
        return not node.orelse or belonging_breaks(node.body) or _end_passes(node.orelse)
    return isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete, ast.Pass))


def _end_passes(body: list[ast.stmt]) -> bool:
    return body[-1].__class__ not in LEAVING and _passes(body[-1])


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
