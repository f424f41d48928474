"""Calls in the braces of an f-string that a conversion says: captures `string`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.JoinedStr,)
_CONVERSIONS: Final = {"str": "!s", "repr": "!r", "ascii": "!a"}
_NONE: Final = -1  # what `ast` calls no conversion


def check(node: ast.JoinedStr, view: View) -> Iterator[Hit]:
    """Find `{str(x)}`, `{repr(x)}` and `{ascii(x)}`; one hit a string, as parts of it have no places of their own."""
    called = []
    for part in node.values:
        if not isinstance(part, ast.FormattedValue) or part.conversion != _NONE:
            continue
        call = part.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in _CONVERSIONS:
            continue
        if len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred):
            called.append(call.func.id)
    if called:
        span = view.span(node)
        message = f"Say `{_CONVERSIONS[called[0]]}` in the braces"
        yield Hit(span, message, (("string", span),), requires=builtin(*dict.fromkeys(called)))
