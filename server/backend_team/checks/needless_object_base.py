"""Classes that say they inherit from object: capture `bases` (the parentheses and what is in them)."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ClassDef,)
_BASES: Final = re.compile(r"[ \t]*\([ \t]*object[ \t]*,?[ \t]*\)")


def check(node: ast.ClassDef, view: View) -> Iterator[Hit]:
    """Find `object` as the only base."""
    if len(node.bases) != 1 or node.keywords:
        return
    base = node.bases[0]
    if not isinstance(base, ast.Name) or base.id != "object":
        return
    name = view.name_of(node)
    found = _BASES.match(view.text, name.end)
    if found is not None:
        place = Span(found.start(), found.end())
        yield Hit(view.span(base), None, (("bases", place),), requires=builtin("object"))
