"""A constant that stands twice in a set: captures `item`, `first` and `list` (the set)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Set,)


def check(node: ast.Set, view: View) -> Iterator[Hit]:
    """Find a constant that is in the set already."""
    seen: dict[object, ast.Constant] = {}
    for item in node.elts:
        if not isinstance(item, ast.Constant):
            continue
        key = (type(item.value), item.value)
        if key in seen:
            first = view.span(seen[key])
            captures = (("item", view.span(item)), ("first", first), ("list", view.span(node)))
            message = f"{item.value!r} is already in this set"
            yield Hit(view.span(item), message, captures, related=(("it is here already", first),))
        else:
            seen[key] = item
