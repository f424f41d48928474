"""`else` after branches that all leave: captures `statement` (the `if`), `else` (the keyword), `body` (of the else)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
_LEAVING: Final = {ast.Return: "return", ast.Raise: "raise", ast.Continue: "continue", ast.Break: "break"}


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find an `else` that is reached only when no branch before it was taken, which it need not say."""
    if not node.orelse or view.is_elif(node):
        return
    branch = node
    leaving = _LEAVING.get(type(branch.body[-1]))
    while (
        leaving and len(branch.orelse) == 1 and isinstance(branch.orelse[0], ast.If) and view.is_elif(branch.orelse[0])
    ):
        branch = branch.orelse[0]
        leaving = _LEAVING.get(type(branch.body[-1]))
    if not leaving or not branch.orelse:
        return
    keyword = view.find("else", view.end(branch.body[-1]), view.start(branch.orelse[0]))
    yield Hit(
        keyword,
        f"Needless `else` after `{leaving}`",
        (("statement", view.span(node)), ("else", keyword), ("body", view.over(branch.orelse))),
    )
