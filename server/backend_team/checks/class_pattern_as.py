"""`case str() as name`: captures `pattern` and `type`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.MatchAs,)
_TYPES: Final = frozenset(
    {"bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"}
)  # which take their value as the only positional pattern


def check(node: ast.MatchAs, view: View) -> Iterator[Hit]:
    """Find a built-in type without patterns whose value gets a name behind it."""
    inner = node.pattern
    if not isinstance(inner, ast.MatchClass) or inner.patterns or inner.kwd_patterns or node.name is None:
        return
    if isinstance(inner.cls, ast.Name) and inner.cls.id in _TYPES:
        captures = (("pattern", view.span(node)), ("type", view.span(inner.cls)))
        message = f"Say `{inner.cls.id}({node.name})`"
        yield Hit(view.span(node), message, captures, requires=builtin(inner.cls.id))
