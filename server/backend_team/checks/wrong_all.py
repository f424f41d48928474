"""`__all__` with something else than texts: capture `value`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View


SCOPES: Final = ("module",)
WANTS: Final = ("assignments",)


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find functions and classes instead of their names, and a text instead of a list."""
    if scope.kind != "module" or "__all__" not in scope.bound:
        return
    for node in scope.assignments:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        if not isinstance(target, ast.Name) or target.id != "__all__":
            continue
        value = node.value
        wrong: list[ast.expr] = []
        if isinstance(value, ast.Constant) and value.value is not None:
            wrong = [value]
        elif isinstance(value, (ast.List, ast.Tuple)):
            wrong = [item for item in value.elts if _is_wrong(item)]
        for item in wrong:
            span = view.span(item)
            yield Hit(span, None, (("value", span),), anchor=view.start(node))


def _is_wrong(item: ast.expr) -> bool:
    if isinstance(item, ast.Constant):
        return not isinstance(item.value, str)
    return isinstance(item, ast.Name)
