"""A call around what could be a comprehension itself: captures `target` (the call), `inner` and the kind of it.

The kind is `list`, `set` or `frozenset`, then of `inner`; or `dict`, with `pair`, `key` and `value`. For review where
`next()` may fail inside: a StopIteration leaves a comprehension as it is, and a generator as a RuntimeError.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("list", "set", "dict", "frozenset")
_NAMES: Final = {"list": "list", "set": "set", "dict": "dictionary"}
_TAKEN: Final[dict[str, tuple[type[ast.expr], ...]]] = {
    "list": (ast.GeneratorExp, ast.ListComp),
    "set": (ast.GeneratorExp, ast.ListComp, ast.SetComp),
    "dict": (ast.GeneratorExp, ast.ListComp),
    "frozenset": (ast.ListComp, ast.SetComp),
}


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find `list(x for x in y)`, `set([x for x in y])`, `dict((k, v) for …)` and the like."""
    if node.func.__class__ is not ast.Name or len(node.args) != 1 or node.keywords:
        return
    assert isinstance(node.func, ast.Name)
    name, inner = node.func.id, node.args[0]
    if not isinstance(inner, _TAKEN[name]) or not isinstance(inner, (ast.GeneratorExp, ast.ListComp, ast.SetComp)):
        return
    if name == "frozenset" and any(map(_waits, ast.walk(inner))):
        return  # as a generator it could only be read by `async for`
    captures = [("target", view.span(node)), ("inner", view.span(inner))]
    if name == "dict":
        pair = inner.elt
        if not isinstance(pair, ast.Tuple) or len(pair.elts) != 2:
            return
        if any(isinstance(item, ast.Starred) for item in pair.elts):
            return
        key, value = pair.elts
        captures += [("pair", view.span(pair)), ("key", view.span(key)), ("value", view.span(value))]
    captures.append((name, view.span(node)))
    message = f"Write the {_NAMES[name]} comprehension itself" if name in _NAMES else "Give frozenset() the generator"
    becomes_another = isinstance(inner, ast.GeneratorExp) != (name == "frozenset")
    safety = Safety.REVIEW if becomes_another and any(map(_may_stop, ast.walk(inner))) else None
    yield Hit(view.span(node), message, tuple(captures), safety, builtin(name))


def _waits(node: ast.AST) -> bool:
    return isinstance(node, ast.Await) or (isinstance(node, ast.comprehension) and bool(node.is_async))


def _may_stop(node: ast.AST) -> bool:
    """Whether it asks an iterator for what may not be there: `next(x)`, `x.__next__()`."""
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    if isinstance(function, ast.Attribute):
        return function.attr == "__next__"
    return isinstance(function, ast.Name) and function.id == "next" and len(node.args) == 1
