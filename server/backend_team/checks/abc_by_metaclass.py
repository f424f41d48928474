"""A class whose metaclass is ABCMeta: captures `keyword`, and `base` for each base."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ClassDef,)
_ABC: Final = {"abc": ("ABCMeta",)}


def check(node: ast.ClassDef, view: View) -> Iterator[Hit]:
    """Find `class A(metaclass=ABCMeta)`."""
    for keyword in node.keywords:
        if keyword.arg == "metaclass" and (found := origin(keyword.value, _ABC)) is not None:
            yield Hit(view.span(keyword), None, (("keyword", view.span(keyword)),), requires=(found[2],))
