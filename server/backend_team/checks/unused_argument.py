"""Arguments that a function doesn't read: capture `argument`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, Scope, View

SCOPES: Final = ("function",)


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find them in functions that are their own masters: undecorated, not special, with a body that does something."""
    node = scope.node
    if not isinstance(node, FUNCTIONS) or scope.opaque or node.decorator_list or node.name.startswith("test"):
        return
    if (node.name[:2] == "__" and node.name[-2:] == "__") or _is_stub(node):
        return
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    if scope.parent is not None and scope.parent.kind == "class":
        arguments = arguments[1:]
    named = [each for each in arguments if not each.arg.startswith("_") and each.arg not in scope.loads]
    if not named:
        return
    loads = scope.loaded_below()
    for each in named:
        if each.arg not in loads:
            start = view.start(each)
            span = Span(start, start + len(each.arg))
            yield Hit(span, f"`{each.arg}` is not used", (("argument", span),), anchor=view.start(node))


def _is_stub(node: FunctionNode) -> bool:
    """Whether the body only says what others have to do."""
    return all(
        isinstance(each, (ast.Pass, ast.Raise)) or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in node.body
    )
