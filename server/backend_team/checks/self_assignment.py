"""A variable assigned to itself: captures `statement` and `name`."""

from __future__ import annotations

import ast
import builtins
import sys
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Assign,)
SHAPES: Final = {
    ast.Assign: (
        {"targets#": range(2, sys.maxsize), "targets0": (ast.Name, ast.Tuple)},
        {"targets0": (ast.Name,), "value": (ast.Name,)},
        {"targets0": (ast.Tuple,), "value": (ast.Tuple,)},
    )
}


def check(node: ast.Assign, view: View) -> Iterator[Hit]:
    """Find `x = x`, `x, y = x, y` and `x = x = 1`.

    In a class body it takes the name from the module, and in a module a built-in name, which means something.
    """
    kind = view.scope.kind
    if kind == "class":
        return
    names = _names(node.targets[0])
    if not names:
        return
    if len(node.targets) > 1:
        every = [target.id for target in node.targets if isinstance(target, ast.Name)]
        twice = next((name for name in every if every.count(name) > 1), None)
        if twice is not None:
            place = view.span(node.targets[0])
            span = view.span(node)
            yield Hit(span, f"`{twice}` is assigned twice here", (("statement", span), ("name", place)))
    elif (
        isinstance(node.value, type(node.targets[0]))
        and names == _names(node.value)
        and (kind == "function" or not any(hasattr(builtins, name) for name in names))
    ):
        span = view.span(node)
        what = "`, `".join(names)
        message = f"`{what}` {'is assigned to itself' if len(names) == 1 else 'are assigned to themselves'}"
        yield Hit(span, message, (("statement", span), ("name", view.span(node.targets[0]))))


def _names(node: ast.expr) -> list[str]:
    """The names that are assigned together; empty when one of them is no name."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    names = [part.id for part in parts if isinstance(part, ast.Name)]
    return names if len(names) == len(parts) else []
