"""Modes of `open` that it refuses: capture `mode`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("open",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find constant modes of the built-in `open` that are none."""
    if not isinstance(node.func, ast.Name):
        return
    mode = mode_of(node)
    if not isinstance(mode, ast.Constant) or not isinstance(mode.value, str):
        return
    letters = mode.value.replace("U", "")
    kinds = sum(letters.count(letter) for letter in "rwax")
    wrong = kinds != 1 and not (kinds == 0 and "U" in mode.value)
    if wrong or not set(letters) <= set("rwaxbt+") or len({*letters}) < len(letters) or {"b", "t"} <= {*letters}:
        span = view.span(mode)
        yield Hit(span, f'There is no mode "{mode.value}"', (("mode", span),), requires=builtin("open"))


def mode_of(node: ast.Call) -> ast.expr | None:
    """The mode a file is opened in; None when the call doesn't say one."""
    if len(node.args) > 1:
        return node.args[1]
    return next((keyword.value for keyword in node.keywords if keyword.arg == "mode"), None)
