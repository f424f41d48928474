"""Methods that bind `self` anew: capture `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View

SCOPES: Final = ("function",)


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find the first place where `self` of a method means something else."""
    if scope.bound.get("self", 0) < 2 or not isinstance(scope.node, FUNCTIONS):
        return
    if scope.parent is None or scope.parent.kind != "class":
        return
    first = next(iter([*scope.node.args.posonlyargs, *scope.node.args.args]), None)
    if first is None or first.arg != "self":
        return
    for part in ast.walk(scope.node):
        if isinstance(part, ast.Name) and part.id == "self" and isinstance(part.ctx, ast.Store):
            span = view.span(part)
            yield Hit(span, None, (("name", span),))
            return
