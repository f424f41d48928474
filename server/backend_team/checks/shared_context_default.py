"""A list, dict or set as default of a context variable: capture `default`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("ContextVar",)
_DISPLAYS: Final = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find defaults that can be changed."""
    for keyword in node.keywords:
        if keyword.arg == "default" and isinstance(keyword.value, _DISPLAYS):
            found = origin(node.func, {"contextvars": ("ContextVar",)})
            if found is not None:
                span = view.span(keyword.value)
                yield Hit(span, None, (("default", span),), requires=(found[2],))
