"""A list or tuple that is made only to loop over something that can't change meanwhile: captures `call` and `inner`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.view import Hit, Requirement, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For, ast.comprehension)
_FIXED: Final = ("tuple", "str", "bytes", "frozenset")
_NEW: Final = frozenset({"range", "sorted"})
SHAPES: Final = {kind: {"iter": (ast.Call,)} for kind in NODES}


def check(node: Any, view: View) -> Iterator[Hit]:
    """Find `for x in list(range(3))`, `list(sorted(xs))`, `list((1, 2))`, and `list(xs)` of a tuple."""
    call = node.iter
    if call.__class__ is not ast.Call or call.func.__class__ is not ast.Name or call.func.id not in {"list", "tuple"}:
        return
    if len(call.args) != 1 or call.keywords:
        return
    inner = call.args[0]
    captures = (("call", view.span(call)), ("inner", view.span(inner)))
    if isinstance(inner, (ast.List, ast.Tuple)):
        yield Hit(view.span(call), None, captures, requires=builtin(call.func.id))
    elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in _NEW:
        yield Hit(view.span(call), None, captures, requires=builtin(call.func.id, inner.func.id))
    elif isinstance(inner, ast.Name):
        for kind in _FIXED:  # at most one of them holds
            yield Hit(view.span(call), None, captures, requires=(*builtin(call.func.id), Requirement(inner.id, kind)))
