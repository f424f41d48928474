"""`super(Class, self)` where `super()` says the same: capture `arguments` (what stands in the parentheses)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("super",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find super() with the class around and the first argument of the method around, neither of them rebound."""
    if not isinstance(node.func, ast.Name) or len(node.args) != 2 or node.keywords:
        return
    owner, instance = node.args
    method = view.scope.node
    around = view.scope.parent
    if not isinstance(owner, ast.Name) or not isinstance(instance, ast.Name) or not isinstance(method, FUNCTIONS):
        return
    if around is None or around.kind != "class":
        return
    own = around.node.name if isinstance(around.node, ast.ClassDef) else view.owner
    first = [*method.args.posonlyargs, *method.args.args][:1]
    if owner.id != own or not first or first[0].arg != instance.id or _elsewhere(method, node, instance.id, owner.id):
        return
    yield Hit(view.span(node), None, (("arguments", view.over(node.args)),), requires=builtin("super"))


def _elsewhere(method: ast.AST, call: ast.Call, instance: str, owner: str) -> bool:
    """Whether the call is in a comprehension or a lambda, or one of the names is rebound in the method."""
    for part in ast.walk(method):
        if isinstance(part, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)):
            if any(inner is call for inner in ast.walk(part)):
                return True
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and part.id in {instance, owner}:
            return True
    return False
