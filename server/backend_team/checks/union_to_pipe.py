"""`Union[X, Y]` for `X | Y`: captures `expression` (all of it) and `types` (what stands in the brackets).

For review always: annotations may be read at runtime, where a string can't be joined with `|`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Subscript,)
_NAMES: Final = {"typing": frozenset({"Union"})}
KEYS: Final = {ast.Subscript: _NAMES["typing"]}


def check(node: ast.Subscript, view: View) -> Iterator[Hit]:
    """Find `Union` of `typing` with several types, none of them a string."""
    value = node.value
    if (value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")) != "Union":
        return
    found = origin(value, _NAMES)
    types = node.slice
    if found is None or not isinstance(types, ast.Tuple) or len(types.elts) < 2:
        return
    if all(map(is_type, types.elts)) and not all(isinstance(each, ast.Constant) for each in types.elts):
        span = view.span(node)
        yield Hit(span, None, (("expression", span), ("types", view.span(types))), requires=(found[2],))


def is_type(node: ast.expr) -> bool:
    """Whether it can be joined with `|`: not so a string, though there may be some in the brackets of a generic."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr) and is_type(node.left) and is_type(node.right)
    if isinstance(node, ast.Constant):
        return node.value is None
    return isinstance(node, (ast.Name, ast.Attribute, ast.Subscript))
