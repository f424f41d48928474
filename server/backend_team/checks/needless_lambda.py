"""A lambda that only hands its arguments on: captures `lambda` and `function`, or `list` or `dict` that it makes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Lambda,)
_OBJECTS: Final = frozenset({"self", "cls"})


def check(node: ast.Lambda, view: View) -> Iterator[Hit]:
    """Find `lambda x: f(x)`, `lambda: []` and `lambda: {}`."""
    call, arguments = node.body, node.args
    if isinstance(call, (ast.List, ast.Dict)):
        yield from _empty(node, call, view)
        return
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


def _empty(node: ast.Lambda, made: ast.List | ast.Dict, view: View) -> Iterator[Hit]:
    """The hit of a lambda without arguments that makes an empty list or dictionary."""
    kind = "list" if isinstance(made, ast.List) else "dict"
    if (
        getattr(made, "elts", ())
        or getattr(made, "values", ())
        or view.of(view.span(node)).partition(":")[0] != "lambda"
    ):
        return
    parent = view.parent(node)
    if isinstance(parent, ast.Call):
        called = parent.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        if name == "defaultdict":  # which a rule of its own is about
            return
    captures = (("lambda", view.span(node)), (kind, view.span(made)))
    yield Hit(view.span(node), f"Give `{kind}` itself", captures, requires=builtin(kind))
