"""getattr() with a name that is known: captures `target`, `value`, `name` (the text)."""

from __future__ import annotations

import ast
from keyword import iskeyword
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("getattr",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find `getattr(x, "name")` without a default, for a name that can be written behind a dot."""
    function = node.func
    if not isinstance(function, ast.Name) or len(node.args) != 2:
        return
    value, name = node.args
    if isinstance(value, ast.Starred) or node.keywords or not is_attribute(name):
        return
    span = view.span(node)
    captures = (("target", span), ("value", view.span(value)), ("name", view.span(name)))
    yield Hit(span, None, captures, requires=builtin("getattr"))


def is_attribute(node: ast.expr) -> bool:
    """Whether it is the text of a name that means the same behind a dot: in a class, `__x` would not."""
    name = node.value if isinstance(node, ast.Constant) else None
    if not isinstance(name, str) or not name.isidentifier() or not name.isascii() or iskeyword(name):
        return False
    return not name.startswith("__") or name.endswith("__")
