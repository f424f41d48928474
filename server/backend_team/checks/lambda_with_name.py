"""`name = lambda …`: captures `statement`, `name` and `lambda`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View

SCOPES: Final = ("module", "function")
WANTS: Final = ("assignments",)


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find lambdas given to one name, which nothing else is given to; not in classes, where it may be data."""
    if scope.kind == "class":
        return
    for node in scope.assignments:
        if node.value.__class__ is not ast.Lambda or not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target = node.targets[0]
        if isinstance(target, ast.Name) and scope.bound[target.id] == 1 and target.id not in scope.outer:
            captures = (("statement", view.span(node)), ("name", view.span(target)), ("lambda", view.span(node.value)))
            yield Hit(view.span(target), None, captures)
