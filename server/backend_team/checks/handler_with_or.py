"""`except A or B`: captures `exception` and `item` for each of its parts."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find handlers of names joined by `or` or `and`, all written like classes."""
    if not isinstance(node.type, ast.BoolOp):
        return
    values = node.type.values
    names = [getattr(value, "id", getattr(value, "attr", "")) for value in values]
    if all(name[:1].isupper() for name in names):
        span = view.span(node.type)
        items = tuple(("item", view.span(value)) for value in values)
        yield Hit(span, None, (("exception", span), *items), anchor=view.start(node))
