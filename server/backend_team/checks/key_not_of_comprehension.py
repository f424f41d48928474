"""A dict comprehension with one key for all: capture `key`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.DictComp,)


def check(node: ast.DictComp, view: View) -> Iterator[Hit]:
    """Find keys that are constants or names from outside."""
    key = node.key
    if isinstance(key, ast.Name):
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id == key.id and not isinstance(part.ctx, ast.Load):
                return
    elif not isinstance(key, ast.Constant):
        return
    span = view.span(key)
    yield Hit(span, None, (("key", span),))
