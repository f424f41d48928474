"""Files opened as text in whatever encoding the machine has: capture `last` (the last argument)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.bad_open_mode import mode_of
from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("open",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls of the built-in `open` for text that name no encoding."""
    if not isinstance(node.func, ast.Name) or not 1 <= len(node.args) <= 3:
        return
    mode = mode_of(node)
    if mode is not None and not (
        isinstance(mode, ast.Constant) and isinstance(mode.value, str) and "b" not in mode.value
    ):
        return
    if any(isinstance(argument, ast.Starred) for argument in node.args):
        return
    if any(keyword.arg in {"encoding", None} for keyword in node.keywords):
        return
    values = [*node.args, *(keyword.value for keyword in node.keywords)]
    last = max(values, key=view.end)
    span = view.span(node.func)
    yield Hit(span, None, (("last", view.span(last)), ("call", view.span(node))), requires=builtin("open"))
