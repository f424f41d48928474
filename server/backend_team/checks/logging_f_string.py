"""Log calls with an f-string: capture `message`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.logging_arguments import is_logger
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("debug", "info", "warning", "error", "critical", "exception")


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find a message that is one f-string with places, and the only value."""
    if len(node.args) != 1 or not isinstance(node.args[0], ast.JoinedStr) or not is_logger(node.func):
        return
    if any(isinstance(part, ast.FormattedValue) for part in node.args[0].values):
        span = view.span(node.args[0])
        yield Hit(span, None, (("message", span),), anchor=view.start(node))
