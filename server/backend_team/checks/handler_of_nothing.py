"""`except ()`: capture `exception`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find handlers whose tuple of exceptions is empty."""
    if isinstance(node.type, ast.Tuple) and not node.type.elts:
        span = view.span(node.type)
        yield Hit(span, None, (("exception", span),))
