"""A file that is opened by its name: captures `call` and `path`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import kind_of_value
from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("open",)
_KEPT: Final = frozenset({"mode", "buffering", "encoding", "errors", "newline"})


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find the built-in open() with anything but a number."""
    if not isinstance(node.func, ast.Name) or not node.args or any(each.arg not in _KEPT for each in node.keywords):
        return
    path = node.args[0]
    if any(isinstance(each, ast.Starred) for each in node.args) or kind_of_value(path) == "int":
        return
    if isinstance(path, ast.Name) and path.id.endswith("fd"):
        return
    captures = (("call", view.span(node)), ("path", view.span(path)))
    yield Hit(view.span(node), None, captures, requires=builtin("open"))
