"""`global` for names that are only read: captures `statement` and `names`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import own
from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Global,)
_HIDDEN: Final = (ast.Import, ast.ImportFrom, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping)


def check(node: ast.Global, view: View) -> Iterator[Hit]:
    """Find names that a function declares global without binding one of them."""
    function = view.scope.node
    if not isinstance(function, FUNCTIONS):
        return
    around = view.scope.parent
    while around is not None:
        if around.kind == "function":
            return  # there the name may mean another variable
        around = around.parent
    names = set(node.names)
    if any(_may_bind(part, names) for part in ast.walk(function)):
        return
    if sum(isinstance(part, ast.Global) for part in own(function.body)) == 1:
        span = view.span(node)
        yield Hit(span, None, (("statement", span),))


def _may_bind(node: ast.AST, names: set[str]) -> bool:
    """Whether it binds one of the names, or could in a way that is not looked at."""
    if isinstance(node, ast.Name):
        return node.id in {"exec", "eval"} or (node.id in names and not isinstance(node.ctx, ast.Load))
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return node.name in names
    if isinstance(node, ast.arg):
        return node.arg in names
    return isinstance(node, _HIDDEN)
