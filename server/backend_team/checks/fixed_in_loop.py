"""A name that gets the same value each time a loop comes round: captures `statement` and `loop`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View

SCOPES: Final = ("function",)
WANTS: Final = ("assignments",)
_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find constants, tuples of constants and compiled patterns that a function assigns in the body of a loop."""
    if scope.kind != "function" or scope.opaque or scope.node is None:
        return
    for assignment in scope.assignments:
        if not isinstance(assignment, ast.Assign) or len(assignment.targets) != 1 or not _is_fixed(assignment.value):
            continue
        target = assignment.targets[0]
        if not isinstance(target, ast.Name) or scope.bound[target.id] != 1 or target.id in scope.outer:
            continue
        if "re" in scope.bound and isinstance(assignment.value, ast.Call):
            continue  # perhaps only in the loop
        loop = view.parent(assignment)
        if not isinstance(loop, _LOOPS) or assignment in loop.orelse or len(loop.body) == 1:
            continue
        if _count(scope.node, target.id) == sum(_count(part, target.id) for part in loop.body):
            captures = (("statement", view.span(assignment)), ("loop", view.span(loop)))
            yield Hit(view.span(assignment), f"`{target.id}` is the same each time", captures)


def _is_fixed(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(_is_fixed, node.elts))
    if isinstance(node, ast.Call):
        function = node.func
        compiles = isinstance(function, ast.Attribute) and function.attr == "compile"
        is_module = compiles and isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
        if not is_module or getattr(getattr(function, "value", None), "id", "") != "re" or node.keywords:
            return False
        return len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    return isinstance(node, ast.Constant)


def _count(node: ast.AST, name: str) -> int:
    """How often the name stands there, once more than anywhere where it is deleted."""
    found = [part for part in ast.walk(node) if isinstance(part, ast.Name) and part.id == name]
    return len(found) + sum(isinstance(part.ctx, ast.Del) for part in found)
