"""`@lru_cache()` for `@lru_cache`: capture `parentheses`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
SHAPES: Final = {kind: {"decorator_list#": range(1, 9999)} for kind in (ast.FunctionDef, ast.AsyncFunctionDef)}
_NAMES: Final = {"functools": frozenset({"lru_cache"})}


def check(node: FunctionNode, view: View) -> Iterator[Hit]:
    """Find the decorator called with nothing."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and not decorator.args and not decorator.keywords:
            found = origin(decorator.func, _NAMES)
            if found is not None:
                place = Span(view.end(decorator.func), view.end(decorator))
                yield Hit(view.span(decorator), None, (("parentheses", place),), requires=(found[2],))
