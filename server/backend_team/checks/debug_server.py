"""`app.run(debug=True)`: capture `argument`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("run",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find what is called an app that is run with its debugger on."""
    function = node.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
        return
    if not function.value.id.endswith(("app", "application")):
        return
    for keyword in node.keywords:
        if keyword.arg == "debug" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True:
            span = view.span(keyword)
            yield Hit(span, None, (("argument", span),), anchor=view.start(node))
