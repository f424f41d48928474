"""`type("")` for `str`: captures `call` and `argument`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("type",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find the type asked of a text, a number or a truth value that is written down."""
    if not isinstance(node.func, ast.Name) or len(node.args) != 1 or node.keywords:
        return
    argument = node.args[0]
    if not isinstance(argument, ast.Constant) or argument.value is None or argument.value is ...:
        return
    name = type(argument.value).__name__
    span = view.span(node)
    yield Hit(
        span, f"Say `{name}`", (("call", span), ("argument", view.span(argument))), requires=builtin("type", name)
    )
