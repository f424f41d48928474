"""setattr() with a name that is known: captures `target` (the statement), `object`, `name` (the text), `value`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.constant_getattr import is_attribute
from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Expr,)
KEYS: Final = {ast.Expr: ("setattr",)}


def check(node: ast.Expr, view: View) -> Iterator[Hit]:
    """Find `setattr(x, "name", value)` as a statement, where looking at `x` first or last is the same."""
    call = node.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != "setattr":
        return
    if len(call.args) != 3 or call.keywords:
        return
    owner, name, value = call.args
    if not isinstance(owner, ast.Name) or isinstance(value, (ast.Starred, ast.NamedExpr)) or not is_attribute(name):
        return
    span = view.span(node)
    captures = (("target", span), ("object", view.span(owner)), ("name", view.span(name)), ("value", view.span(value)))
    yield Hit(span, None, captures, requires=builtin("setattr"))
