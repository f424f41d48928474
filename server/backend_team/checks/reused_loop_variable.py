"""A loop in a loop that takes the same variable: captures `variable` and `first`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import own
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For, ast.AsyncFor)


def check(node: ast.For | ast.AsyncFor, view: View) -> Iterator[Hit]:
    """Find a variable of the loop that a loop inside binds again."""
    if view.text.find("for", view.start(node.body[0]), view.end(node)) < 0:
        return
    names: dict[str, ast.Name] | None = None
    for inner in own(node.body):
        if not isinstance(inner, NODES):
            continue
        names = _bound(node.target) if names is None else names
        for name, place in _bound(inner.target).items():
            if name in names and name.strip("_") and _is_read_after(inner, node, name):
                captures = (("variable", view.span(place)), ("first", view.span(names[name])))
                yield Hit(view.span(place), f"`{name}` is the variable of the loop around, too", captures)


def _is_read_after(inner: ast.For | ast.AsyncFor, outer: ast.For | ast.AsyncFor, name: str) -> bool:
    """Whether the next one to see the name behind the inner loop reads it."""
    end = inner.end_lineno or inner.lineno
    later = [
        part
        for statement in outer.body
        if (statement.end_lineno or 0) > end
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and part.id == name and part.lineno > end
    ]
    first = min(later, key=lambda part: (part.lineno, part.col_offset), default=None)
    return first is not None and isinstance(first.ctx, ast.Load)


def _bound(target: ast.expr) -> dict[str, ast.Name]:
    return {
        part.id: part for part in ast.walk(target) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
