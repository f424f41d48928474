"""A value that is asked whether it is true, to be taken then: captures `target`, `value`, `otherwise`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.findings import Safety
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.IfExp,)
_LOOKED_UP: Final = (ast.Name, ast.Attribute, ast.Subscript, ast.Constant)


def check(node: ast.IfExp, view: View) -> Iterator[Hit]:
    """Find `x if x else y`; an attribute or an item may be worked out anew each time, so it is for review."""
    if not isinstance(node.test, (ast.Name, ast.Attribute, ast.Subscript)) or not same(node.test, node.body):
        return
    if not all(isinstance(part, _LOOKED_UP) or not isinstance(part, ast.expr) for part in ast.walk(node.test)):
        return
    captures = (("target", view.span(node)), ("value", view.span(node.test)), ("otherwise", view.span(node.orelse)))
    yield Hit(view.span(node), None, captures, None if isinstance(node.test, ast.Name) else Safety.REVIEW)
