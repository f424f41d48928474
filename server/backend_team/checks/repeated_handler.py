"""Two handlers, one after the other, that do the same: captures `first`, `second` (kinds), `body`, `handler`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.findings import Safety
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Try,)
_LONGEST: Final = 70  # characters of the kinds together


def check(node: ast.Try, view: View) -> Iterator[Hit]:
    """Find `except A:` and `except B:` with the same body and the same name for the exception."""
    for first, second in zip(node.handlers, node.handlers[1:], strict=False):
        if first.type is None or second.type is None or first.name != second.name:
            continue
        if len(first.body) != len(second.body) or not same(first.body, second.body):
            continue
        kind, other = view.span(first.type), view.span(second.type)
        if kind.end - kind.start + other.end - other.start > _LONGEST:
            continue
        if first.type.lineno != first.type.end_lineno or "#" in view.text[kind.start : view.end(second)]:
            continue
        body = view.over(first.body)
        captures = (("first", kind), ("second", other), ("body", body), ("handler", view.span(second)))
        plain = isinstance(first.type, ast.Name) and isinstance(second.type, ast.Name)
        mark = Span(view.start(second), other.end)
        yield Hit(mark, None, captures, None if plain else Safety.REVIEW)
        return
