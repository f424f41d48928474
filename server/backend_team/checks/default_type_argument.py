"""`Generator[int, None, None]` for `Generator[int]`: capture `rest` (from the comma to the bracket)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Subscript,)
_LENGTHS: Final = {"Generator": 3, "AsyncGenerator": 2}
_NAMES: Final = dict.fromkeys(("collections.abc", "typing", "typing_extensions"), frozenset(_LENGTHS))


def check(node: ast.Subscript, view: View) -> Iterator[Hit]:
    """Find generators whose last types are `None`, which they are by themselves."""
    value = node.value
    length = _LENGTHS.get(value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", ""))
    if length is None or not isinstance(node.slice, ast.Tuple):
        return
    types = node.slice.elts
    if len(types) != length or not all(isinstance(each, ast.Constant) and each.value is None for each in types[1:]):
        return
    found = origin(value, _NAMES)
    if found is not None:
        rest = Span(view.end(types[0]), view.end(node) - 1)
        if view.of(rest).replace("None", "").strip(", \t\r\n") == "":
            yield Hit(view.span(node), None, (("rest", rest),), requires=(found[2],))
