"""`Optional[X]` for `X | None`: captures `expression` (all of it) and `argument` (the X).

For review always: annotations may be read at runtime, where a string in a union fails and `Optional` can be looked for.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.union_to_pipe import is_type
from backend_team.checks.view import Hit, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Subscript,)
KEYS: Final = {ast.Subscript: ("Optional",)}


def check(node: ast.Subscript, view: View) -> Iterator[Hit]:
    """Find `Optional` of `typing`, unless its argument is a string, or no single type."""
    value = node.value
    if isinstance(value, ast.Name) and value.id == "Optional":
        requires: tuple[Requirement, ...] = (Requirement("Optional", "typing.Optional"),)
    elif isinstance(value, ast.Attribute) and value.attr == "Optional" and _is_typing(value.value):
        requires = ()
    else:
        return
    if isinstance(node.slice, ast.Constant) or not is_type(node.slice):
        return
    span = view.span(node)
    yield Hit(span, None, (("expression", span), ("argument", view.span(node.slice))), requires=requires)


def _is_typing(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in {"typing", "t"}
