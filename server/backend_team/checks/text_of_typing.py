"""`typing.Text` for `str`: capture `name` where it is read, captures `statement` and `alias` where it is imported."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Attribute, ast.ImportFrom)


def check(node: ast.Attribute | ast.ImportFrom, view: View) -> Iterator[Hit]:
    """Find the alias of `str` that code for Python 2, too, needed."""
    if isinstance(node, ast.ImportFrom):
        if node.module != "typing" or node.level or id(node) in view.scope.attempts:
            return
        for alias in node.names:
            if alias.name == "Text":
                place = view.span(alias)
                requires = (Requirement(alias.asname or "Text", "typing.Text"), *builtin("str"))
                yield Hit(place, None, (("statement", view.span(node)), ("alias", place)), requires=requires)
    elif node.attr == "Text" and isinstance(node.value, ast.Name) and node.value.id == "typing":
        place = view.span(node)
        requires = (Requirement("typing", "module typing"), *builtin("str"))
        yield Hit(place, None, (("name", place),), requires=requires)
