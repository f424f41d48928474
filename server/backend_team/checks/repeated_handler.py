"""Two handlers, one after the other, that do the same: captures `first`, `second` (kinds), `body`, `handler`."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin
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
        known = [name for name in (_built_in(first.type), _built_in(second.type)) if name]
        mark = Span(view.start(second), other.end)
        related = (("the handler that does the same", kind),)
        if len(known) == 2:
            yield Hit(mark, None, captures, requires=builtin(*known), related=related)
        else:  # a name may stand for a tuple, which a tuple of exceptions can't hold, or be missing
            yield Hit(mark, None, captures, Safety.REVIEW, related=related)
        return


def _built_in(kind: ast.expr) -> str | None:
    """The name of a built-in exception."""
    if not isinstance(kind, ast.Name):
        return None
    known = getattr(builtins, kind.id, None)
    return kind.id if isinstance(known, type) and issubclass(known, BaseException) else None
