"""A slice without numbers of a list: captures `slice` and `value`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Subscript,)


def check(node: ast.Subscript, view: View) -> Iterator[Hit]:
    """Find `xs[:]` that is read."""
    cut = node.slice
    if cut.__class__ is not ast.Slice or not isinstance(node.ctx, ast.Load) or not isinstance(node.value, ast.Name):
        return
    assert isinstance(cut, ast.Slice)
    if cut.lower is None and cut.upper is None and cut.step is None:
        captures = (("slice", view.span(node)), ("value", view.span(node.value)))
        yield Hit(view.span(node), None, captures, requires=(Requirement(node.value.id, "list"),))
