"""The old name of a method of a logger: captures `name` (`warn`) and `call`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("warn",)
_LOGGERS: Final = frozenset({"logging", "logger", "_logger", "LOGGER"})


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find `logger.warn(…)` of what is named like a logger."""
    function = node.func
    if not isinstance(function, ast.Attribute) or not node.args:
        return
    owner = function.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", None)
    if name in _LOGGERS:
        end = view.end(function)
        place = Span(end - len("warn"), end)
        yield Hit(place, None, (("name", place), ("call", view.span(node))))
