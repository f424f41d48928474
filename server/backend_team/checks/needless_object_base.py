"""Classes that say they inherit from object: capture `base`.

For review where a metaclass is named: it is given the bases as they are written, and may look at them.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ClassDef,)


def check(node: ast.ClassDef, view: View) -> Iterator[Hit]:
    """Find `object` among the bases, unless a comment stands beside it."""
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id == "object":
            place = view.span(base)
            end = max([*map(view.end, node.bases), *map(view.end, node.keywords)])
            if "#" not in view.text[view.name_of(node).end : end]:
                safety = Safety.REVIEW if _names_metaclass(node) else None
                yield Hit(place, None, (("base", place),), safety, builtin("object"))
            return


def _names_metaclass(node: ast.ClassDef) -> bool:
    """Whether it says `metaclass=`, or six will."""
    made = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
    return any(keyword.arg in {None, "metaclass"} for keyword in node.keywords) or any(
        getattr(function, "attr", getattr(function, "id", "")) == "add_metaclass" for function in made
    )
