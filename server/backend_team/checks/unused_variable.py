"""Local variables that nothing reads: captures `statement`, `target` and `value` of the assignment.

Safe only when the right side is a constant, a name bound once, or a display of such; otherwise its effects may be the
point.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_pure
from backend_team.checks.view import Hit
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View


SCOPES: Final = ("function",)
WANTS: Final = ("assignments",)


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find names that a function only ever assigns."""
    if scope.kind != "function" or scope.opaque or not scope.assignments:
        return
    candidates = []
    counts: dict[str, int] = {}
    for node in scope.assignments:
        target = _target(node)
        if target is not None:
            counts[target.id] = counts.get(target.id, 0) + 1
            if node.value is not None and not target.id.startswith("_"):
                candidates.append((node, target, node.value))
    loads: set[str] | None = None
    for node, target, value in candidates:
        name = target.id
        if name in scope.loads or scope.bound[name] != counts[name] or name in view.mentioned:
            continue
        if loads is None:
            loads = scope.loaded_below() | scope.outer
        if name not in loads:
            yield Hit(
                view.span(target),
                f"`{name}` is assigned but never used",
                (("statement", view.span(node)), ("target", view.span(target)), ("value", view.span(value))),
                None if is_pure(value) and not _matters(value, scope) else Safety.REVIEW,
            )


def _matters(value: ast.expr, scope: Scope) -> bool:
    """Whether a name of the value is looked up for more than its value.

    The value may live only through the variable, because the name it came from is bound again or deleted; and a name
    from elsewhere may be missing, which the `try` around it asks for.
    """
    names = {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
    if not names or scope.node is None:
        return False
    if any(scope.bound.get(name, 0) != 1 for name in names) and any(map(_is_attempt, ast.walk(scope.node))):
        return True
    return any(scope.bound.get(name, 0) > 1 for name in names) or any(
        isinstance(part, ast.Name) and isinstance(part.ctx, ast.Del) and part.id in names
        for part in ast.walk(scope.node)
    )


def _is_attempt(node: ast.AST) -> bool:
    return isinstance(node, ast.Try) and bool(node.handlers)


def _target(node: ast.Assign | ast.AnnAssign) -> ast.Name | None:
    if isinstance(node, ast.AnnAssign):
        return node.target if isinstance(node.target, ast.Name) else None
    return node.targets[0] if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name) else None
