"""A choice by the opposite of a condition: captures `target`, `condition`, `then` (when it holds), `otherwise`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.IfExp,)
_REST_OF_LINE: Final = re.compile(r"[^\r\n]*")


def check(node: ast.IfExp, view: View) -> Iterator[Hit]:
    """Find `a if not c else b` that is no part of a chain of choices, and chooses no truth value; None comes last."""
    test = node.test
    if not isinstance(test, ast.UnaryOp) or not isinstance(test.op, ast.Not):
        return
    if any(part.lineno != part.end_lineno for part in (node.body, test, node.orelse)):
        return  # laid out by hand
    if isinstance(node.orelse, ast.IfExp) or isinstance(node.body, ast.IfExp) or isinstance(test.operand, ast.UnaryOp):
        return
    if isinstance(test.operand, ast.Compare) and len(test.operand.ops) == 1:
        return  # `not a in b` is for other rules
    if _is_explained(node, view):
        return
    if (_is_truth(node.body) and _is_truth(node.orelse)) or _is_none(node.orelse):
        return
    parts = (node, test.operand, node.orelse, node.body)
    captures = zip(("target", "condition", "then", "otherwise"), map(view.span, parts), strict=True)
    yield Hit(view.span(node), None, tuple(captures))


def _is_explained(node: ast.IfExp, view: View) -> bool:
    """Whether it stands on several lines with comments, which would then stand beside the other part."""
    if node.lineno == node.end_lineno:
        return False
    line = _REST_OF_LINE.match(view.text, view.end(node))
    return line is not None and "#" in view.text[view.start(node) : line.end()]


def _is_truth(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
