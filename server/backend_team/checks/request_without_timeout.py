"""Calls of `requests` that may wait for ever: capture `call`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("get", "post", "put", "patch", "delete", "head", "options", "request")


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls without a timeout, and with None for one."""
    found = origin(node.func, {"requests": CALLS})
    if found is None or not node.args:
        return
    for keyword in node.keywords:
        if keyword.arg is None:
            return
        if keyword.arg == "timeout" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None):
            return
    span = view.span(node.func)
    yield Hit(span, None, (("call", view.span(node)),), requires=(found[2],))
