"""Methods without any positional argument: capture `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = FUNCTIONS
_IMPLICIT: Final = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})


def check(node: FunctionNode, view: View) -> Iterator[Hit]:
    """Find them, but not the declarations of interfaces, whose body says nothing."""
    arguments = node.args
    if arguments.args or arguments.posonlyargs or arguments.vararg or view.scope.kind != "class":
        return
    if node.decorator_list or node.name in _IMPLICIT or all(map(_says_nothing, node.body)):
        return
    if view.kind == "member" or not _is_used(node.name, view):
        name = view.name_of(node)
        yield Hit(name, f"`{node.name}` takes no argument, so it can't be called on an object", (("name", name),))


def _says_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _is_used(name: str, view: View) -> bool:
    """Whether the body of the class itself uses it."""
    node = view.scope.node
    return node is not None and any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node))
