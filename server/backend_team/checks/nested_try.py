"""`try` with `finally` around nothing but a `try` with `except`: captures `statement` and `inner`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Try,)


def check(node: ast.Try, view: View) -> Iterator[Hit]:
    """Find two that Python can say as one: handlers of the inner, `finally` of the outer."""
    inner = node.body[0]
    if len(node.body) != 1 or node.handlers or not isinstance(inner, ast.Try) or inner.finalbody:
        return
    yield Hit(view.keyword(inner, len("try")), None, (("statement", view.span(node)), ("inner", view.span(inner))))
