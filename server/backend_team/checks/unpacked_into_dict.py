"""Dictionaries that are unpacked into a new one: captures `target`, and `part` for each in order."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Dict,)
CALLS: Final = ("dict",)


def check(node: ast.Dict | ast.Call, view: View) -> Iterator[Hit]:
    """Find `{**a, **b}`, `{**a, "b": 1}` and `dict(**a, b=1)` of what is known to be a dictionary."""
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or len(node.args) > 1 or not node.keywords:
            return
        unpacked = [*node.args, *(each.value for each in node.keywords if each.arg is None)]
        requires = builtin("dict")
    else:
        unpacked = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
        requires = ()
        kinds = [key is None for key in node.keys]
        # Pairs between or around the unpacked ones would become a dictionary of their own, twice.
        if len(kinds) < 2 or sum(one != other for one, other in pairwise(kinds)) > 1:
            return
    if not unpacked or not all(isinstance(each, ast.Name) for each in unpacked):
        return
    requires += tuple(Requirement(each.id, "dict") for each in unpacked if isinstance(each, ast.Name))
    yield Hit(view.span(node), None, (("target", view.span(node)),), requires=requires)
