"""Methods under `functools.cache` or `lru_cache`: captures `decorator` and `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = FUNCTIONS
SHAPES: Final = {kind: {"decorator_list#": range(1, 9999)} for kind in (ast.FunctionDef, ast.AsyncFunctionDef)}
_CACHES: Final = {"functools": ("cache", "lru_cache")}


def check(node: FunctionNode, view: View) -> Iterator[Hit]:
    """Find cached methods whose first argument is `self` and who have more than that."""
    if not node.decorator_list or view.scope.kind != "class":
        return
    arguments = [*node.args.posonlyargs, *node.args.args]
    if not arguments or arguments[0].arg != "self":
        return
    for decorator in node.decorator_list:
        found = origin(decorator.func if isinstance(decorator, ast.Call) else decorator, _CACHES)
        if found is not None:
            span = view.span(decorator)
            name = view.name_of(node)
            yield Hit(span, None, (("decorator", span), ("name", name)), requires=(found[2],), anchor=name.start)
