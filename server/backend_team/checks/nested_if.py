"""`if` whose whole body is another `if`: captures `statement`, `condition`, `inner`, `inner_condition`, `body`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.findings import Safety
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
SHAPES: Final = {ast.If: {"body#": (1,), "body0": (ast.If,), "orelse#": (0,)}}
_LONGEST: Final = 80  # characters: two conditions that make a longer one are better apart
_LINE: Final = 88
_LEFT_ALONE: Final = frozenset({"__name__", "__debug__", "TYPE_CHECKING", "version_info", "platform"})


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find two conditions that could be one."""
    inner = node.body[0]
    if node.orelse or len(node.body) != 1 or not isinstance(inner, ast.If) or inner.orelse:
        return
    outer_span, inner_span = view.span(node.test), view.span(inner.test)
    length = outer_span.end - outer_span.start + inner_span.end - inner_span.start
    if length > _LONGEST or node.col_offset + len("if  and :") + length > _LINE:
        return
    if node.test.lineno != node.test.end_lineno or inner.test.lineno != inner.test.end_lineno:
        return
    between = view.text[outer_span.end : view.start(inner)].replace("\r", "\n").partition("\n")
    if "#" in between[0]:  # a comment about the outer condition
        return
    if any(_name(part) in _LEFT_ALONE for test in (node.test, inner.test) for part in ast.walk(test)):
        return
    yield Hit(
        Span(view.start(node), outer_span.end),
        None,
        (
            ("statement", view.span(node)),
            ("condition", outer_span),
            ("inner", view.span(inner)),
            ("inner_condition", inner_span),
            ("body", view.over(inner.body)),
        ),
        Safety.REVIEW if "#" in between[2] else None,  # a comment changes its place
    )


def _name(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
