"""A key that stands twice in a dictionary: captures `key` (the later one) and `first` (the one that is lost)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Dict,)


def check(node: ast.Dict, view: View) -> Iterator[Hit]:
    """Find constant keys that stand twice."""
    seen: dict[object, ast.Constant] = {}
    for key in node.keys:
        if not isinstance(key, ast.Constant):
            continue
        name = (type(key.value), key.value)
        if name in seen:
            first = view.span(seen[name])
            captures = (("key", view.span(key)), ("first", first))
            message = f"The key {key.value!r} is already in this dictionary"
            yield Hit(view.span(key), message, captures, related=(("the key is here already", first),))
        else:
            seen[name] = key
