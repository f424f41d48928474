"""`__metaclass__ = type`: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Assign,)
SHAPES: Final = {ast.Assign: {"targets#": (1,), "targets0": (ast.Name,), "value": (ast.Name,)}}


def check(node: ast.Assign, view: View) -> Iterator[Hit]:
    """Find what made all classes of a module new-style ones in Python 2."""
    if node.col_offset or not isinstance(node.value, ast.Name) or node.value.id != "type" or len(node.targets) > 1:
        return
    target = node.targets[0]
    if isinstance(target, ast.Name) and target.id == "__metaclass__":
        yield Hit(view.span(node), None, (("statement", view.span(node)),), requires=builtin("type"))
