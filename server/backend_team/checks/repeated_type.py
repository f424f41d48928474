"""`isinstance(x, (str, str))`: capture `tuple`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("isinstance", "issubclass")


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find a type that is named twice."""
    if not isinstance(node.func, ast.Name) or len(node.args) != 2 or not isinstance(node.args[1], ast.Tuple):
        return
    kinds = node.args[1].elts
    if len(kinds) < 2 or not all(isinstance(kind, (ast.Name, ast.Attribute)) for kind in kinds):
        return
    seen: set[str] = set()
    for kind in kinds:
        text = kind.id if isinstance(kind, ast.Name) else ast.unparse(kind)
        if text in seen:
            yield Hit(view.span(kind), f"`{text}` stands here twice", (("tuple", view.span(node.args[1])),))
            return
        seen.add(text)
