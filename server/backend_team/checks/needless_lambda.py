"""A lambda that only hands its arguments on: captures `lambda` and `function`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Lambda,)
_OBJECTS: Final = frozenset({"self", "cls"})


def check(node: ast.Lambda, view: View) -> Iterator[Hit]:
    """Find `lambda x: f(x)`."""
    call, arguments = node.body, node.args
    if call.__class__ is not ast.Call or arguments.kwonlyargs or arguments.vararg or arguments.kwarg:
        return
    assert isinstance(call, ast.Call)
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    if arguments.defaults or call.keywords or len(call.args) != len(names):
        return
    if any(not isinstance(given, ast.Name) or given.id != name for given, name in zip(call.args, names, strict=True)):
        return
    function = call.func
    while isinstance(function, ast.Attribute):
        function = function.value
    if not isinstance(function, ast.Name) or function.id in names:
        return
    # What becomes a method has to be a function: others don't get the object they are asked of.
    if _OBJECTS.isdisjoint(names[:1]) and not isinstance(view.parent(node), (ast.Assign, ast.AnnAssign)):
        captures = (("lambda", view.span(node)), ("function", view.span(call.func)))
        yield Hit(view.span(node), None, captures)
