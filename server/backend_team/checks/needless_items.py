"""items() where only the keys or only the values are wanted: captures `target`, `wanted` and `method`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.nodes import each_below
from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_READERS: Final = frozenset({"locals", "eval", "exec", "vars"})
SHAPES: Final = {ast.For: {"target": (ast.Tuple,), "iter": (ast.Call,)}}


def check(node: Any, view: View) -> Iterator[Hit]:
    """Find `for _, value in xs.items()` and `for key, value in xs.items()` of which one is never read."""
    for loop in (node,) if node.__class__ is ast.For else node.generators:
        call, target = loop.iter, loop.target
        if call.__class__ is not ast.Call or target.__class__ is not ast.Tuple or len(target.elts) != 2:
            continue
        if call.func.__class__ is not ast.Attribute or call.func.attr != "items" or call.args or call.keywords:
            continue
        key, value = target.elts
        if not isinstance(key, ast.Name) or not isinstance(value, ast.Name) or key.id == value.id:
            continue
        around = node if loop is not node else view.scope.node
        if is_spare(value, loop, around):
            wanted, method = key, "keys"
        elif is_spare(key, loop, around):
            wanted, method = value, "values"
        else:
            continue
        end = view.end(call.func)
        captures = (
            ("target", view.span(target)),
            ("wanted", view.span(wanted)),
            ("method", Span(end - len("items"), end)),
            (method, view.span(wanted)),
        )
        yield Hit(view.span(call), f"Say {method}()", captures)


def is_spare(name: ast.Name, loop: Any, around: ast.AST | None) -> bool:
    """Whether nothing reads the name: not in the comprehension, not in the function around the loop."""
    if name.id == "_" and around is None:
        around = loop
    if around is None:
        return False
    for part in each_below(around, loop):
        if part.__class__ is ast.Name:
            if part.id == name.id and part is not name and not isinstance(part.ctx, ast.Store):
                return False
        elif isinstance(part, (ast.Global, ast.Nonlocal)):
            if name.id in part.names:
                return False
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in _READERS:
            return False
    return True
