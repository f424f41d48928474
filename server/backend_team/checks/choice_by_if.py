"""A name that gets one of two values: captures `target` (the `if`), `name`, `test`, `then`, `otherwise`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.looked_up_key import looked_up
from backend_team.checks.statements import lone
from backend_team.checks.view import Hit
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
SHAPES: Final = {ast.If: {"body0": (ast.Assign,), "orelse#": (1,), "orelse0": (ast.Assign,)}}
_LONGEST: Final = 79  # characters: a longer line is no gain over four short ones
_LEFT_ALONE: Final = frozenset({"TYPE_CHECKING", "version_info", "platform"})
_NESTED: Final = (ast.IfExp, ast.Lambda, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.BoolOp)


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find `if test: x = a` / `else: x = b` that fit into one short line."""
    first, second = lone(node.body, ast.Assign), lone(node.orelse, ast.Assign)
    if first is None or second is None or view.is_elif(node) or len(first.targets) != 1 or len(second.targets) != 1:
        return
    target = first.targets[0]
    if not isinstance(target, (ast.Name, ast.Attribute)) or not same(target, second.targets[0]):
        return
    parts = (target, node.test, first.value, second.value)
    if any(part.lineno != part.end_lineno for part in parts) or looked_up(node) is not None:
        return
    spans = [view.span(part) for part in parts]
    if node.col_offset + sum(span.end - span.start for span in spans) + len(" =  if  else ") > _LONGEST:
        return
    for part in parts[1:]:
        for inner in ast.walk(part):
            name = getattr(inner, "attr", getattr(inner, "id", None))
            if isinstance(inner, _NESTED) or name in _LEFT_ALONE:
                return
    start = view.start(node)
    if "#" in view.text[start : view.end(node)]:
        return
    captures = zip(("name", "test", "then", "otherwise"), spans, strict=True)
    yield Hit(Span(start, spans[1].end), None, (("target", view.span(node)), *captures))
