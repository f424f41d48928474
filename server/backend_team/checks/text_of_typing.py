"""`typing.Text` for `str`: capture `name` where it is read, captures `statement` and `alias` where it is imported."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.tokens import names
from backend_team.checks.view import Hit, Requirement, builtin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

SIGNS: Final = ("Text",)
NODES: Final = (ast.ImportFrom,)
_READ: Final = re.compile(r"\btyping\s*\.\s*Text\b")


def check(node: ast.ImportFrom, view: View) -> Iterator[Hit]:
    """Find the import of the alias of `str` that code for Python 2, too, needed."""
    if node.module != "typing" or node.level or id(node) in view.scope.attempts:
        return
    for alias in node.names:
        if alias.name == "Text":
            place = view.span(alias)
            requires = (Requirement(alias.asname or "Text", "typing.Text"), *builtin("str"))
            yield Hit(place, None, (("statement", view.span(node)), ("alias", place)), requires=requires)


def check_text(view: View) -> Iterator[Hit]:
    """Find where it is read from the module; in the text, as there are far too many attributes to look at."""
    found = list(_READ.finditer(view.text))
    if not found:
        return
    places = {span.start for span in names(view)}
    for each in found:
        if each.start() in places:
            place = Span(each.start(), each.end())
            requires = (Requirement("typing", "module typing"), *builtin("str"))
            yield Hit(place, None, (("name", place),), requires=requires)
