"""`continue` where the round of the loop ends anyway: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For, ast.AsyncFor, ast.While)


def check(node: ast.For | ast.AsyncFor | ast.While, view: View) -> Iterator[Hit]:
    """Find `continue` as the last of several statements of a loop."""
    last = node.body[-1]
    if last.__class__ is ast.Continue and len(node.body) > 1:
        span = view.span(last)
        yield Hit(span, None, (("statement", span),))
