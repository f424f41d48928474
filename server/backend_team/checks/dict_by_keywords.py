"""A dictionary made by keywords: captures `call`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("dict",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find `dict(a=1, b=2)`."""
    if node.args or not node.keywords or not isinstance(node.func, ast.Name):
        return
    if all(each.arg is not None for each in node.keywords):
        yield Hit(view.span(node), None, (("call", view.span(node)),), requires=builtin("dict"))
