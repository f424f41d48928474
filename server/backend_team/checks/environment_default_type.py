"""`os.getenv` with a default that is no text: capture `default`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("getenv", "get")
_OTHER: Final = (int, float, bool)
_CONVERTERS: Final = frozenset({"int", "float", "bool", "str", "Decimal", "strtobool"})


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find numbers and truth values as default, where the result is not converted on the spot."""
    if len(node.args) != 2:
        return
    default = node.args[1]
    if not isinstance(default, ast.Constant) or not isinstance(default.value, _OTHER):
        return
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr == "get":
        found = origin(function.value, {"os": ("environ",)})
    else:
        found = origin(function, {"os": ("getenv",)})
    if found is None:
        return
    around = view.parent(node)
    if isinstance(around, ast.Call) and getattr(around.func, "id", getattr(around.func, "attr", "")) in _CONVERTERS:
        return
    span = view.span(default)
    yield Hit(span, None, (("default", span),), requires=(found[2],), anchor=view.start(node))
