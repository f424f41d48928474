"""A class that inherits from `dict`, `list` or `str`: captures `base`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ClassDef,)
_INSTEAD: Final = {"dict": "UserDict", "list": "UserList", "str": "UserString"}


def check(node: ast.ClassDef, view: View) -> Iterator[Hit]:
    """Find `class A(dict)`."""
    if len(node.bases) == 1 and isinstance(node.bases[0], ast.Name) and node.bases[0].id in _INSTEAD:
        base = node.bases[0]
        span = view.span(base)
        yield Hit(span, f"`{_INSTEAD[base.id]}` is made for it", (("base", span),), requires=builtin(base.id))
