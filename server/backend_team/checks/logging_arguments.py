"""Log calls whose message has other places than values: capture `message`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.percent_format_mismatch import places
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("debug", "info", "warning", "error", "critical", "exception")
_LOGGERS: Final = ("log", "logger", "logging")


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find a constant message with values that don't fit."""
    if len(node.args) < 2 or not is_logger(node.func):
        return
    message, *values = node.args
    if not isinstance(message, ast.Constant) or not isinstance(message.value, str):
        return
    if any(isinstance(value, ast.Starred) for value in values):
        return
    found = places(message.value)
    span = view.span(message)
    if isinstance(found, str):
        yield Hit(span, found, (("message", span),), anchor=view.start(node))
        return
    count, names = found
    if names or count == len(values) or (not count and "{" in message.value):
        return  # other libraries format with braces
    many = "value" if len(values) == 1 else "values"
    yield Hit(
        span, f"The message has {count} places for {len(values)} {many}", (("message", span),), anchor=view.start(node)
    )


def is_logger(function: ast.expr) -> bool:
    """Whether it is a method of something that is called a logger."""
    if not isinstance(function, ast.Attribute):
        return False
    owner = function.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return name.lower().strip("_").endswith(_LOGGERS)
