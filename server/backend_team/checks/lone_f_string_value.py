"""An f-string that is one value and nothing else: captures `string`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.JoinedStr,)
_NONE: Final = -1  # what `ast` calls no conversion


def check(node: ast.JoinedStr, view: View) -> Iterator[Hit]:
    """Find `f"{x}"`."""
    if len(node.values) != 1:
        return
    part = node.values[0]
    if isinstance(part, ast.FormattedValue) and part.conversion == _NONE and part.format_spec is None:
        span = view.span(node)
        if not view.of(span).rstrip("\"'").endswith("=}"):
            yield Hit(span, None, (("string", span),), requires=builtin("str"))
