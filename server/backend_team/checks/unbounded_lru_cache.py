"""`lru_cache(maxsize=None)` for `cache`: captures `call` and `function`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("lru_cache",)
_NAMES: Final = {"functools": frozenset({"lru_cache"})}


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find caches without a limit."""
    given = [*node.args, *(keyword.value for keyword in node.keywords if not _is_default(keyword))]
    if len(given) != 1 or not (node.args or any(keyword.arg == "maxsize" for keyword in node.keywords)):
        return
    if isinstance(given[0], ast.Constant) and given[0].value is None:
        found = origin(node.func, _NAMES)
        if found is not None:
            span = view.span(node)
            yield Hit(span, None, (("call", span), ("function", view.span(node.func))), requires=(found[2],))


def _is_default(keyword: ast.keyword) -> bool:
    """Whether it is `typed=False`."""
    return keyword.arg == "typed" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
