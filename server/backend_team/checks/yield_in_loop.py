"""`for x in y: yield x` for `yield from y`: captures `statement` and `iterable`.

For review: what is sent into the generator, or thrown, then reaches the one inside; a pair that is unpacked and put
together again is passed on as it is.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For,)
SHAPES: Final = {ast.For: {"body#": (1,), "body0": (ast.Expr,), "orelse#": (0,)}}


def check(node: ast.For, view: View) -> Iterator[Hit]:
    """Find loops that only hand on what they get, unless something else reads the variable."""
    if len(node.body) != 1 or node.orelse or not isinstance(node.body[0], ast.Expr):
        return
    handed = node.body[0].value
    if not isinstance(handed, ast.Yield) or handed.value is None:
        return
    names = _names(node.target)
    function = view.scope.node
    if not names or names != _names(handed.value) or not isinstance(function, ast.FunctionDef):
        return
    if isinstance(node.target, ast.Tuple) != isinstance(handed.value, ast.Tuple):
        return
    if view.scope.outer & set(names) or _is_read(function, node, set(names)):
        return
    yield Hit(
        view.keyword(node, len("for")),
        None,
        (("statement", view.span(node)), ("iterable", view.span(node.iter))),
    )


def _names(node: ast.expr) -> list[str]:
    items = node.elts if isinstance(node, ast.Tuple) else [node]
    names = [item.id for item in items if isinstance(item, ast.Name)]
    return names if len(names) == len(items) else []


def _is_read(function: ast.FunctionDef, loop: ast.For, names: set[str]) -> bool:
    """Whether the function reads a name of the loop outside of it; other loops over the same name don't count."""
    todo: list[ast.AST] = [*function.body]
    while todo:
        node = todo.pop()
        if node is loop:
            todo.append(loop.iter)
            continue
        if isinstance(node, ast.For) and names <= set(_names(node.target)):
            todo.append(node.iter)
            todo += node.orelse
            continue
        if isinstance(node, ast.Name) and node.id in names and not isinstance(node.ctx, ast.Store):
            return True
        todo += ast.iter_child_nodes(node)
    return False
