"""`super(Class, self)` where `super()` says the same: capture `arguments` (what stands in the parentheses)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View

NODES: Final = ()
CALLS: Final = ("super",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find super() with the class around and the first argument of the method around, neither of them rebound."""
    if not isinstance(node.func, ast.Name) or len(node.args) != 2 or node.keywords:
        return
    owner, instance = node.args
    method = view.scope.node
    around = view.scope.parent
    if not isinstance(instance, ast.Name) or not isinstance(method, FUNCTIONS):
        return
    if around is None or around.kind != "class":
        return
    path = _path(around, view)
    first = [*method.args.posonlyargs, *method.args.args][:1]
    if _dotted(owner) != path or not first or first[0].arg != instance.id:
        return
    if not _elsewhere(method, node, instance.id, path.partition(".")[0]):
        yield Hit(view.span(node), None, (("arguments", view.over(node.args)),), requires=builtin("super"))


def _path(scope: Scope | None, view: View) -> str:
    """What a class is called from outside: classes in classes are attributes of them."""
    names: list[str] = []
    while scope is not None and scope.kind == "class":
        names.append(scope.node.name if isinstance(scope.node, ast.ClassDef) else view.owner)
        scope = scope.parent
    return ".".join(reversed(names))


def _dotted(node: ast.expr) -> str:
    """A name with its attributes; empty for anything else."""
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value)
        return f"{owner}.{node.attr}" if owner else ""
    return node.id if isinstance(node, ast.Name) else ""


def _elsewhere(method: ast.AST, call: ast.Call, instance: str, owner: str) -> bool:
    """Whether the call is in a comprehension or a lambda, or one of the names is rebound in the method."""
    for part in ast.walk(method):
        if isinstance(part, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)):
            if any(inner is call for inner in ast.walk(part)):
                return True
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store) and part.id in {instance, owner}:
            return True
    return False
