"""Defaults that should be made at each call: capture `default`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit, Requirement, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = FUNCTIONS
SHAPES: Final = {kind: {"?defaults": (True,)} for kind in (ast.FunctionDef, ast.AsyncFunctionDef)}
_CHANGING: Final = {
    "time": ("time", "time_ns", "monotonic", "perf_counter"),
    "uuid": ("uuid1", "uuid4"),
    "random": ("random", "randint", "choice", "randrange", "uniform"),
    "secrets": ("token_hex", "token_urlsafe", "token_bytes"),
}
_TODAY: Final = {"datetime": ("now", "utcnow", "today"), "date": ("today",)}


def check(node: FunctionNode, view: View) -> Iterator[Hit]:
    """Find defaults that hold a time, a chance or an identity."""
    arguments = node.args
    for default in (*arguments.defaults, *arguments.kw_defaults):
        if default.__class__ is not ast.Call:
            continue
        for part in ast.walk(default):
            requirement = _changing(part.func) if isinstance(part, ast.Call) else None
            if requirement is not None:
                span = view.span(default)
                yield Hit(span, None, (("default", span),), requires=(requirement,), anchor=view.start(node))
                break


def _changing(function: ast.expr) -> Requirement | None:
    """What it relies on that a function says something else each time; None when it may not."""
    found = origin(function, _CHANGING)
    if found is not None:
        return found[2]
    if isinstance(function, ast.Attribute):  # `datetime.now`, `datetime.datetime.now`
        made = origin(function.value, {"datetime": tuple(_TODAY)})
        if made is not None and function.attr in _TODAY[made[1]]:
            return made[2]
    return None
