"""`yield` in `__init__`: capture `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import is_generator
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.FunctionDef,)
SHAPES: Final = {ast.FunctionDef: {"?special": (True,)}}


def check(node: ast.FunctionDef, view: View) -> Iterator[Hit]:
    """Find an `__init__` of a class that is a generator."""
    if node.name != "__init__" or view.scope.kind != "class" or "yield" not in view.text:
        return
    if is_generator(node.body):
        name = view.name_of(node)
        yield Hit(name, None, (("name", name),))
