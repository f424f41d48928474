"""A tuple of one exception: captures `target` (the tuple) and `item`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find `except (X,):`."""
    kind = node.type
    if isinstance(kind, ast.Tuple) and len(kind.elts) == 1 and isinstance(kind.elts[0], (ast.Name, ast.Attribute)):
        span = view.span(kind)
        yield Hit(span, None, (("target", span), ("item", view.span(kind.elts[0]))))
