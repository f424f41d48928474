"""`Unpack[Types]` for `*Types`: captures `expression` and `types`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Subscript,)
_NAMES: Final = dict.fromkeys(("typing", "typing_extensions"), frozenset({"Unpack"}))
KEYS: Final = {ast.Subscript: _NAMES["typing"]}


def check(node: ast.Subscript, view: View) -> Iterator[Hit]:
    """Find `Unpack` in the brackets of a generic, and at `*args`; at `**options` it means something else."""
    value = node.value
    if (value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")) != "Unpack":
        return
    found = origin(value, _NAMES)
    if found is None or isinstance(node.slice, ast.Tuple):
        return
    parent = view.parent(node)
    if isinstance(parent, ast.Tuple):
        node_inside: ast.AST = parent
        parent = view.parent(parent)
    else:
        node_inside = node
    if isinstance(parent, ast.arg):
        function = view.parent(parent)
        if not isinstance(function, ast.arguments) or function.vararg is not parent:
            return
    elif not isinstance(parent, ast.Subscript) or parent.slice is not node_inside:
        return
    span = view.span(node)
    yield Hit(span, None, (("expression", span), ("types", view.span(node.slice))), requires=(found[2],))
