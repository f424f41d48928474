"""map() with a lambda inside a call that a comprehension says: captures `target`, `body`, `item`, `iterable`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("list", "set", "tuple", "sum", "any", "all", "sorted", "max", "min")
_NOT_INSIDE: Final = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, ast.Lambda)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find `list(map(lambda x: …, xs))` and the like."""
    if node.func.__class__ is not ast.Name or not node.args:
        return
    assert isinstance(node.func, ast.Name)
    name, mapped = node.func.id, node.args[0]
    if not isinstance(mapped, ast.Call) or not isinstance(mapped.func, ast.Name) or mapped.func.id != "map":
        return
    if len(mapped.args) != 2 or mapped.keywords:
        return
    function, iterable = mapped.args
    if not isinstance(function, ast.Lambda):
        return
    arguments = function.args
    plain = len(arguments.args) == 1 and not arguments.posonlyargs and not arguments.kwonlyargs
    if not plain or arguments.vararg or arguments.kwarg or arguments.defaults or isinstance(iterable, ast.Starred):
        return
    if any(isinstance(part, _NOT_INSIDE) for part in ast.walk(function.body)):
        return
    alone = len(node.args) == 1 and not node.keywords
    kind = name if name in ("list", "set") and alone else "generator" if alone else "parentheses"
    target = view.span(node if kind in ("list", "set") else mapped)
    captures = (
        ("target", target),
        ("body", view.span(function.body)),
        ("item", view.span(arguments.args[0])),
        ("iterable", view.span(iterable)),
        (kind, Span(target.start, target.start)),
    )
    yield Hit(view.span(mapped), None, captures, requires=builtin(name, "map"))
