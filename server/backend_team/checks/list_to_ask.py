"""A list that is made only for any() or all(): captures `inner`, the list."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("any", "all")


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find `any([test(x) for x in xs])`."""
    if node.func.__class__ is not ast.Name or len(node.args) != 1 or node.keywords:
        return
    assert isinstance(node.func, ast.Name)
    inner = node.args[0]
    if isinstance(inner, (ast.ListComp, ast.SetComp)):
        if any(isinstance(part, (ast.Await, ast.NamedExpr)) or _is_async(part) for part in ast.walk(inner)):
            return
        yield Hit(view.span(inner), None, (("inner", view.span(inner)),), requires=builtin(node.func.id))


def _is_async(node: ast.AST) -> bool:
    return isinstance(node, ast.comprehension) and bool(node.is_async)
