"""A `try` whose handlers all only raise again: captures `statement` and `handlers`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import lone
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Try,)


def check(node: ast.Try, view: View) -> Iterator[Hit]:
    """Find handlers that do nothing but hand on what they caught."""
    if not node.handlers or node.orelse or node.finalbody:
        return
    for handler in node.handlers:
        statement = lone(handler.body, ast.Raise)
        if statement is None or statement.exc is not None:
            return
    captures = (("statement", view.span(node)), ("handlers", view.over(node.handlers)))
    yield Hit(view.keyword(node, len("try")), None, captures)
