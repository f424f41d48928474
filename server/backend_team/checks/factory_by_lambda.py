"""`defaultdict(lambda: [])` for `defaultdict(list)`: capture `lambda`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("defaultdict",)
_NAMES: Final = {"collections": frozenset({"defaultdict"})}
_TYPES: Final = frozenset({"list", "dict", "set", "tuple", "frozenset", "str", "bytes", "int", "float", "bool"})
_WRITTEN: Final = (str, bytes, int, float, complex)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find a first argument that is a function without arguments which only makes an empty value."""
    if not node.args or not isinstance(node.args[0], ast.Lambda):
        return
    function = node.args[0]
    arguments = function.args
    if arguments.args or arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg:
        return
    name = factory(function.body)
    found = origin(node.func, _NAMES)
    if name is not None and found is not None:
        span = view.span(function)
        yield Hit(span, f"Give `{name}` itself", (("lambda", span),), requires=(found[2], *builtin(name)))


def factory(node: ast.expr) -> str | None:
    """The type whose call gives this empty value."""
    if isinstance(node, ast.Call):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return name if name in _TYPES and not node.args and not node.keywords else None
    if isinstance(node, (ast.List, ast.Tuple)):
        return None if node.elts else type(node).__name__.lower()
    if isinstance(node, ast.Dict):
        return None if node.keys else "dict"
    if isinstance(node, ast.Constant) and not node.value and isinstance(node.value, _WRITTEN):
        return None if node.value is False else type(node.value).__name__  # `bool` would be a riddle
    return None
