"""Static methods whose first argument is `self` or `cls`: captures `argument` and `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit, builtin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = FUNCTIONS
SHAPES: Final = {kind: {"decorator_list#": range(1, 9999)} for kind in (ast.FunctionDef, ast.AsyncFunctionDef)}


def check(node: FunctionNode, view: View) -> Iterator[Hit]:
    """Find them, but for `__new__`, and not where an annotation says what is meant."""
    if not node.decorator_list or view.scope.kind != "class" or node.name == "__new__":
        return
    first = next(iter([*node.args.posonlyargs, *node.args.args]), None)
    if first is None or first.arg not in {"self", "cls"} or first.annotation is not None:
        return
    if any(isinstance(decorator, ast.Name) and decorator.id == "staticmethod" for decorator in node.decorator_list):
        start = view.start(first)
        place = Span(start, start + len(first.arg))
        message = f"A static method is not given `{first.arg}`"
        name = view.name_of(node)
        yield Hit(place, message, (("argument", place), ("name", name)), requires=builtin("staticmethod"))
