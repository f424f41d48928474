"""Names of an unpacking that nothing reads: capture `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View


SCOPES: Final = ("function",)
WANTS: Final = ("assignments",)


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find names bound once, by an unpacking of a function, and never read."""
    if scope.kind != "function" or scope.opaque or not scope.assignments:
        return
    loads: set[str] | None = None
    for node in scope.assignments:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if not isinstance(target, (ast.Tuple, ast.List)):
                continue
            for part in _names(target):
                name = part.id
                if name.startswith("_") or name in scope.loads or scope.bound[name] != 1 or name in view.mentioned:
                    continue
                if loads is None:
                    loads = scope.loaded_below() | scope.outer
                if name not in loads and f"_{name}" not in loads and f"_{name}" not in scope.bound:
                    span = view.span(part)
                    yield Hit(span, f"`{name}` is unpacked but never used", (("name", span),), anchor=view.start(node))


def _names(target: ast.expr) -> list[ast.Name]:
    if isinstance(target, ast.Name):
        return [target]
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for item in target.elts for name in _names(item)]
    return _names(target.value) if isinstance(target, ast.Starred) else []
