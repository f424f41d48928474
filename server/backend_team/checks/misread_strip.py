"""strip() with what looks like a beginning or an end: captures `call` and `characters`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("strip", "lstrip", "rstrip")
_SUFFIX: Final = re.compile(r"\.[a-z]\w+")


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find sets of characters that name a character twice, or that look like the end of a file name."""
    function = node.func
    if not isinstance(function, ast.Attribute) or len(node.args) != 1:
        return
    argument = node.args[0]
    text = argument.value if isinstance(argument, ast.Constant) else None
    if not isinstance(text, str) or node.keywords:
        return
    if len(set(text)) < len(text) or (function.attr == "rstrip" and _SUFFIX.fullmatch(text)):
        span = view.span(node)
        message = f"{function.attr}() takes away single characters, not the text {text!r}"
        yield Hit(span, message, (("call", span), ("characters", view.span(argument))))
