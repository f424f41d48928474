"""Functions with too many branches: capture `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import own
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = FUNCTIONS
_LOOPS: Final = (ast.For, ast.AsyncFor, ast.While)


def check(node: FunctionNode, view: View) -> Iterator[Hit]:
    """Find functions with more than the setting `max-branches`."""
    most = view.settings.max_branches
    count = sum(_branches(each) for each in own(node.body))
    if count > most:
        name = view.name_of(node)
        yield Hit(name, f"`{node.name}` has {count} branches, at most {most} are allowed", (("name", name),))


def _branches(node: ast.AST) -> int:
    if isinstance(node, ast.If):
        chained = len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)
        return 1 + (bool(node.orelse) and not chained)
    if isinstance(node, _LOOPS):
        return 1 + bool(node.orelse)
    if isinstance(node, ast.Try):
        return len(node.handlers) + bool(node.orelse) + bool(node.finalbody)
    return int(isinstance(node, ast.match_case))
