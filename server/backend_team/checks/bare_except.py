"""`except:` that catches even KeyboardInterrupt and keeps it: capture `keyword`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find handlers without an exception that don't raise again."""
    if node.type is not None:
        return
    if any(isinstance(part, ast.Raise) for item in node.body for part in ast.walk(item)):
        return
    start = view.start(node)
    keyword = Span(start, start + len("except"))
    yield Hit(keyword, None, (("keyword", keyword),))
