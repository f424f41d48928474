"""`asyncio.create_task(…)` as a statement: capture `call`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("create_task", "ensure_future")


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find tasks that are made and not kept."""
    found = origin(node.func, {"asyncio": CALLS})
    if found is not None and isinstance(view.parent(node), ast.Expr):
        span = view.span(node)
        yield Hit(span, None, (("call", span),), requires=(found[2],))
