"""A call around a display that could be the other display itself: captures `target`, `inner` and the kind wanted."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("list", "tuple", "set", "dict")
_NAMES: Final = {"list": "list", "tuple": "tuple", "set": "set", "dict": "dictionary"}


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find `set([1, 2])`, `list((1, 2))`, `tuple([1, 2])`, `dict([(1, 2)])`, `dict({})`."""
    if node.func.__class__ is not ast.Name or len(node.args) != 1 or node.keywords:
        return
    assert isinstance(node.func, ast.Name)
    name, inner = node.func.id, node.args[0]
    if name == "dict":
        if not isinstance(inner, ast.Dict) and not _is_pairs(inner):
            return
    else:
        taken = (ast.List, ast.Tuple, ast.Set) if name == "set" else (ast.List, ast.Tuple)
        if not isinstance(inner, taken) or (name == "set" and not inner.elts):
            return
    captures = (("target", view.span(node)), ("inner", view.span(inner)), (name, view.span(node)))
    yield Hit(view.span(node), f"Write the {_NAMES[name]} itself", captures, requires=builtin(name))


def _is_pairs(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple)) and all(
        isinstance(item, ast.Tuple)
        and len(item.elts) == 2
        and not any(isinstance(part, ast.Starred) for part in item.elts)
        for item in node.elts
    )
