"""The group of `itertools.groupby`, read twice or kept: capture `group` (the use that finds nothing)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For,)
_SIMPLE: Final = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.Return)
_DISPLAYS: Final = (ast.Tuple, ast.List)
SHAPES: Final = {ast.For: {"target": (ast.Tuple,), "iter": (ast.Call,)}}


def check(node: ast.For, view: View) -> Iterator[Hit]:
    """Find a second statement of the loop that reads the group, and one that keeps it."""
    target = node.target
    if not isinstance(node.iter, ast.Call) or not isinstance(target, ast.Tuple) or len(target.elts) != 2:
        return
    found = origin(node.iter.func, {"itertools": ("groupby",)})
    group = target.elts[1]
    if found is None or not isinstance(group, ast.Name):
        return
    uses: list[ast.Name] = []
    for statement in node.body:
        names = [part for part in ast.walk(statement) if isinstance(part, ast.Name) and part.id == group.id]
        if any(not isinstance(name.ctx, ast.Load) for name in names):
            return
        if any(isinstance(part, ast.Call) and _asks_next(part, group.id) for part in ast.walk(statement)):
            continue
        if names and isinstance(statement, _SIMPLE):
            uses.append(names[0])
            kept = _kept(statement, group.id)
            if kept is not None:
                uses = [kept, kept]
        if len(uses) == 2:
            span = view.span(uses[1])
            yield Hit(span, None, (("group", span),), requires=(found[2],))
            return


def _asks_next(call: ast.Call, name: str) -> bool:
    """`next(group)` reads no more than it says."""
    return isinstance(call.func, ast.Name) and call.func.id == "next" and _is(call.args[:1], name)


def _kept(statement: ast.stmt, name: str) -> ast.Name | None:
    """The group where it is put into something as it is."""
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
        values = [statement.value]
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        call = statement.value
        values = call.args if isinstance(call.func, ast.Attribute) and call.func.attr == "append" else []
    else:
        return None
    for value in values:
        for item in value.elts if isinstance(value, _DISPLAYS) else [value]:
            if isinstance(item, ast.Name) and item.id == name:
                return item
    return None


def _is(values: list[ast.expr], name: str) -> bool:
    return any(isinstance(value, ast.Name) and value.id == name for value in values)
