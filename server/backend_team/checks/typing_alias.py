"""`List[X]` for `list[X]`: captures `alias` (the name to replace) and `generic` (all of it)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Subscript,)
_GENERICS: Final = frozenset({"List", "Dict", "Set", "FrozenSet", "Tuple", "Type"})
_NAMES: Final = {"typing": _GENERICS}
KEYS: Final = {ast.Subscript: _GENERICS}


def check(node: ast.Subscript, view: View) -> Iterator[Hit]:
    """Find the generics of `typing` that built-in types have replaced."""
    value = node.value
    if (value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")) not in _GENERICS:
        return
    found = origin(value, _NAMES)
    if found is None:
        return
    name = found[1].lower()
    alias = view.span(value)
    yield Hit(
        alias,
        f"Say `{name}[…]`, not `{found[1]}[…]`",
        (("alias", alias), ("generic", view.span(node))),
        requires=(found[2], *builtin(name)),
    )
