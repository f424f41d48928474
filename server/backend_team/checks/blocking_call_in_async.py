"""Calls that wait in an `async` function: capture `call`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

_WAITING: Final = {
    "time": ("sleep",),
    "subprocess": ("run", "call", "check_call", "check_output", "getoutput"),
    "os": ("system",),
    "requests": ("get", "post", "put", "patch", "delete", "head", "request"),
}
CALLS: Final = tuple({name for names in _WAITING.values() for name in names})


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find them in the body of an `async def` itself, but for `time.sleep(0)`."""
    if not isinstance(view.scope.node, ast.AsyncFunctionDef):
        return
    found = origin(node.func, _WAITING)
    if found is None or (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0):
        return
    around = view.parent(node)
    while around is not None and not isinstance(around, ast.stmt):
        if isinstance(around, ast.Lambda):
            return
        around = view.parent(around)
    span = view.span(node)
    message = f"`{found[0]}.{found[1]}` stops the whole event loop"
    yield Hit(span, message, (("call", span),), requires=(found[2],))
