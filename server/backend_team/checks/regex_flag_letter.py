"""A flag of `re` by its letter: captures `letter` and `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Attribute,)
NAMES: Final = {
    "A": "ASCII",
    "I": "IGNORECASE",
    "L": "LOCALE",
    "M": "MULTILINE",
    "S": "DOTALL",
    "U": "UNICODE",
    "X": "VERBOSE",
}


def check(node: ast.Attribute, view: View) -> Iterator[Hit]:
    """Find `re.I` and the like."""
    if node.attr not in NAMES or not isinstance(node.value, ast.Name):
        return
    end = view.end(node)
    captures = (("letter", Span(end - 1, end)), (NAMES[node.attr], Span(end - 1, end)))
    requires = (Requirement(node.value.id, "module re"),)
    yield Hit(view.span(node), f"Say `re.{NAMES[node.attr]}`", captures, requires=requires)
