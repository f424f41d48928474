"""What a loop goes through is made shorter in the loop: captures `iterable` and `change`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.statements import LEAVING, bodies
from backend_team.checks.view import Hit
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For,)
_CHANGING: Final = frozenset({"remove", "pop", "insert", "discard", "clear", "popitem"})
_LEAVING: Final = LEAVING - {ast.Continue}


def check(node: ast.For, view: View) -> Iterator[Hit]:
    """Find what takes items away from, or puts them before others into, what the loop is at; unless it then ends."""
    if not is_simple(node.iter) or isinstance(node.iter, ast.Constant):
        return
    if isinstance(node.iter, ast.Name) and node.iter.id == "self":
        return  # its methods are its own affair
    todo = [node.body]
    while todo:
        body = todo.pop()
        leaves = body[-1].__class__ in _LEAVING
        for statement in body:
            if not leaves and (change := _change(statement, node.iter)) is not None:
                captures = (("iterable", view.span(node.iter)), ("change", view.span(change)))
                yield Hit(view.span(change), None, captures)
            if isinstance(statement, (ast.Assign, ast.AugAssign)) and _binds(statement, node.iter):
                return
            if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                todo += bodies(statement)


def _change(statement: ast.stmt, iterable: ast.expr) -> ast.expr | ast.stmt | None:
    if isinstance(statement, ast.Expr):
        call = statement.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _CHANGING:
            return call if same(call.func.value, iterable) else None
    if isinstance(statement, ast.Delete):
        for target in statement.targets:
            if isinstance(target, ast.Subscript) and same(target.value, iterable):
                return statement
    return None


def _binds(statement: ast.Assign | ast.AugAssign, iterable: ast.expr) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(same(target, iterable) for target in targets)
