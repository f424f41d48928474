"""Several `global` or `nonlocal` one after another: captures `first` and `again` for each of the others."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import among
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Global, ast.Nonlocal)
_LINE: Final = 88  # characters: more names than that are better on several


def check(node: ast.Global | ast.Nonlocal, view: View) -> Iterator[Hit]:
    """Find the first of several such statements."""
    place = among(node, view.parent(node))
    if place is None:
        return
    body, index = place
    if index and body[index - 1].__class__ is node.__class__:
        return
    run = [node]
    for following in body[index + 1 :]:
        if not isinstance(following, ast.Global | ast.Nonlocal) or following.__class__ is not node.__class__:
            break
        run.append(following)
    names = ", ".join(dict.fromkeys(name for each in run for name in each.names))
    if len(run) > 1 and node.col_offset + len("nonlocal ") + len(names) <= _LINE:
        captures = [("first", view.span(node)), *(("again", view.span(each)) for each in run[1:])]
        word = "global" if isinstance(node, ast.Global) else "nonlocal"
        yield Hit(view.over(run), f"One `{word}` can name them all", tuple(captures))
