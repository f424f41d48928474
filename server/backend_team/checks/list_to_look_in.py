"""A list that is only looked through: captures `list`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Compare, ast.For, ast.comprehension)


def check(node: Any, view: View) -> Iterator[Hit]:
    """Find `in [1, 2]`, in conditions and in loops."""
    if node.__class__ is ast.Compare:
        looked = [
            each
            for operator, each in zip(node.ops, node.comparators, strict=True)
            if isinstance(operator, (ast.In, ast.NotIn))
        ]
    else:
        looked = [node.iter]
    for each in looked:
        if isinstance(each, ast.List) and len(each.elts) > 1:
            yield Hit(view.span(each), None, (("list", view.span(each)),))
