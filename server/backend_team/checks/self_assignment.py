"""A local variable assigned to itself: captures `statement` and `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Assign,)


def check(node: ast.Assign, view: View) -> Iterator[Hit]:
    """Find `x = x` in functions; in a class body it takes the name from the module, which means something."""
    target = node.targets[0]
    if view.scope.kind != "function" or len(node.targets) != 1:
        return
    if isinstance(target, ast.Name) and isinstance(node.value, ast.Name) and target.id == node.value.id:
        span = view.span(node)
        yield Hit(span, f"`{target.id}` is assigned to itself", (("statement", span), ("name", view.span(target))))
