"""A list written as a text to split: captures `target` and `text`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("split",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find `"a b".split()`, and `"a,b".split(",")`, on one line."""
    function = node.func
    if not isinstance(function, ast.Attribute) or node.keywords or len(node.args) > 1 or node.lineno != node.end_lineno:
        return
    if any(_text(part) is None for part in (function.value, *node.args)):
        return
    span, text = view.span(node), view.span(function.value)
    yield Hit(span, None, (("target", span), ("text", text), *(("separator", view.span(part)) for part in node.args)))


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value else None
