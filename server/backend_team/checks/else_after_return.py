"""`else` after branches that all leave: captures `statement` (the `if`), `else` (the keyword), `body` (of the else)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.needless_bool import is_needless
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If,)
SHAPES: Final = {ast.If: {"orelse#": range(1, 9999)}}
_LEAVING: Final = {ast.Return: "return", ast.Raise: "raise", ast.Continue: "continue", ast.Break: "break"}


def check(node: ast.If, view: View) -> Iterator[Hit]:
    """Find an `else` that is reached only when no branch before it was taken, which it need not say.

    One that chooses between True and False is left to `needless_bool`, which says it better.
    """
    if not node.orelse:
        return
    branch = node
    leaving = _leaving(branch.body[-1])
    if not leaving or view.is_elif(node) or is_needless(node):
        return
    while (
        leaving and len(branch.orelse) == 1 and isinstance(branch.orelse[0], ast.If) and view.is_elif(branch.orelse[0])
    ):
        branch = branch.orelse[0]
        leaving = _leaving(branch.body[-1])
    if not leaving or not branch.orelse:
        return
    keyword = view.find("else", view.end(branch.body[-1]), view.start(branch.orelse[0]))
    yield Hit(
        keyword,
        f"Needless `else` after `{leaving}`",
        (("statement", view.span(node)), ("else", keyword), ("body", view.over(branch.orelse))),
    )


def _leaving(node: ast.stmt) -> str | None:
    """What a branch that ends with this statement leaves by: also an `if` whose branches all leave."""
    if isinstance(node, ast.If) and node.orelse:
        return _leaving(node.body[-1]) and _leaving(node.orelse[-1])
    return _LEAVING.get(type(node))
