"""A name that gets itself and something more: captures `statement`, `name`, `value` and the operator."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.view import Hit
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Assign,)
SHAPES: Final = {ast.Assign: {"targets#": (1,), "targets0": (ast.Name, ast.Attribute), "value": (ast.BinOp,)}}


def check(node: ast.Assign, view: View) -> Iterator[Hit]:
    """Find `x = x + 1` and the like, with a number or a text."""
    value = node.value
    if value.__class__ is not ast.BinOp or len(node.targets) != 1:
        return
    assert isinstance(value, ast.BinOp)
    target, right = node.targets[0], value.right
    if not isinstance(right, ast.Constant) or not isinstance(right.value, (int, float, str, bytes)):
        return
    if not isinstance(target, (ast.Name, ast.Attribute)) or not is_simple(target) or not same(target, value.left):
        return
    if isinstance(value.op, ast.Mod) and isinstance(right.value, (str, bytes)):
        return
    captures = (
        ("statement", view.span(node)),
        ("name", view.span(target)),
        ("left", view.span(value.left)),
        ("value", view.span(right)),
    )
    yield Hit(view.span(node), None, captures)
