"""`open(path, "r")`: captures `call` and `argument` (the text of the mode)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("open",)
_PLAIN: Final = frozenset({"r", "rt", "tr", "U", "rU", "Ur", "rtU", "rUt", "Urt", "Utr", "trU", "tUr", "tU", "Ut"})
_WITHOUT: Final = {  # by the mode as it is written, the one that says the same
    **dict.fromkeys(_PLAIN, ""),
    **dict.fromkeys(("Ub", "bU", "rUb", "Urb", "rbU", "bUr", "brU", "Ubr"), "rb"),
    **{mode: mode[0] for mode in ("wt", "at", "xt")},
    **{mode: mode[1] for mode in ("tw", "ta", "tx")},
}


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find modes that are the default, or hold a letter that says nothing."""
    place = next((each.value for each in node.keywords if each.arg == "mode"), None)
    if place is None and len(node.args) >= 2:
        place = node.args[1]
    if not isinstance(place, ast.Constant) or not isinstance(place.value, str):
        return
    better = _WITHOUT.get(place.value)
    if (
        better is None
        or len(node.args) + len(node.keywords) < 2
        or any(isinstance(argument, ast.Starred) for argument in node.args)
    ):
        return
    if not better and place in node.args and len(node.args) > 2:  # what follows counts on its place
        return
    function = node.func
    if isinstance(function, ast.Name):
        requires = builtin("open")
    elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "io":
        requires = (Requirement("io", "module io"),)
    else:
        return
    span = view.span(place)
    message = f'Say "{better}"' if better else None
    yield Hit(span, message, (("call", view.span(node)), ("argument", span)), requires=requires)
