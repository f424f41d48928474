"""Flags of `re` where a number belongs: capture `flags`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("sub", "subn", "split")
_PLACES: Final = {"sub": 3, "subn": 3, "split": 2}
_FLAGS: Final = frozenset(
    ["A", "ASCII", "I", "IGNORECASE", "L", "LOCALE", "M", "MULTILINE", "S", "DOTALL", "U", "UNICODE", "X", "VERBOSE"]
)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls whose last positional argument is `re.I` or the like."""
    if len(node.args) < 3:
        return
    found = origin(node.func, {"re": CALLS})
    if found is None or len(node.args) != _PLACES[found[1]] + 1:
        return
    flags = node.args[-1]
    if _is_flags(flags) and all(keyword.arg != "flags" for keyword in node.keywords):
        span = view.span(flags)
        yield Hit(span, None, (("flags", span),), requires=(found[2],), anchor=view.start(node))


def _is_flags(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, (ast.BitOr, ast.Add)) and _is_flags(node.left) and _is_flags(node.right)
    return (
        isinstance(node, ast.Attribute)
        and node.attr in _FLAGS
        and isinstance(node.value, ast.Name)
        and node.value.id == "re"
    )
