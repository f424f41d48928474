"""A loop over indices where the items are meant: captures `variable` and `sequence`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For,)
SHAPES: Final = {ast.For: {"target": (ast.Name,), "iter": (ast.Call,)}}


def check(node: ast.For, view: View) -> Iterator[Hit]:
    """Find `for i in range(len(x))` whose body asks `x` for nothing but `x[i]`, and reads that."""
    call = node.iter
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != "range":
        return
    sequence = _measured(call)
    if sequence is None or sequence.id == "self" or not isinstance(node.target, ast.Name):
        return
    index = node.target.id
    reads = others = 0
    items: set[int] = set()
    for part in (part for statement in node.body for part in ast.walk(statement)):
        if isinstance(part, ast.Subscript) and _is_name(part.value, sequence.id) and _is_name(part.slice, index):
            if not isinstance(part.ctx, ast.Load):
                return
            reads += 1
            items |= {id(part.value), id(part.slice)}
        elif isinstance(part, ast.Name) and id(part) not in items:
            if part.id == sequence.id or (part.id == index and not isinstance(part.ctx, ast.Load)):
                return
            others += part.id == index
    if reads:
        others += _is_read_behind(node, index, view)
        instead = f"`enumerate({sequence.id})`" if others else f"`{sequence.id}` itself"
        captures = (("variable", view.span(node.target)), ("sequence", view.span(sequence)))
        yield Hit(view.span(call), f"Loop over {instead}", captures, requires=builtin("range", "len", "enumerate"))


def _is_read_behind(loop: ast.For, name: str, view: View) -> bool:
    """Whether the index matters after the loop, where nothing has bound it again."""
    end = loop.body[-1].end_lineno or 0
    around = [view.scope.node] if view.scope.node is not None else view.nodes
    found = [
        part
        for node in around
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and part.id == name and part.lineno > end
    ]
    return bool(found) and isinstance(min(found, key=lambda part: (part.lineno, part.col_offset)).ctx, ast.Load)


def _measured(call: ast.Call) -> ast.Name | None:
    """The `x` of `range(len(x))`."""
    if len(call.args) != 1 or call.keywords:
        return None
    length = call.args[0]
    if not isinstance(length, ast.Call) or not _is_name(length.func, "len") or len(length.args) != 1:
        return None
    return length.args[0] if isinstance(length.args[0], ast.Name) else None


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
