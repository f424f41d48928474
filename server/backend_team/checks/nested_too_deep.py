"""Statements inside too many others: capture `statement` (its first word)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.view import FUNCTIONS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try)
_WIDEST: Final = 8  # spaces of an indentation
_WORDS: Final = {
    ast.If: "if",
    ast.While: "while",
    ast.Try: "try",
    ast.With: "with",
    ast.For: "for",
    ast.AsyncFor: "async for",
    ast.AsyncWith: "async with",
}


def check(node: Any, view: View) -> Iterable[Hit]:
    """Find the first statement deeper than the setting `max-nesting`; an `elif` is no deeper than its `if`."""
    column = node.col_offset
    most = view.settings.max_nesting
    if column < 2 * most:  # too near to the left
        return ()
    step = node.body[0].col_offset - column
    return () if column < (step if 2 < step <= _WIDEST else 2) * most else _too_deep(node, most, view)


def _too_deep(node: Any, most: int, view: View) -> Iterator[Hit]:
    depth = _depth(node, view)
    if depth == most + 1 and not _has_same_before(node, view):
        word = _WORDS[type(node)]
        span = view.keyword(node, len(word))
        yield Hit(span, f"Nested too deep: level {depth}, at most {most} are allowed", (("statement", span),))


def _depth(node: ast.stmt, view: View) -> int:
    depth = 0
    part: ast.AST | None = node
    while part is not None and not isinstance(part, (*FUNCTIONS, ast.ClassDef)):
        around = view.parent(part)
        if isinstance(part, NODES) and not (
            isinstance(part, ast.If) and isinstance(around, ast.If) and view.is_elif(part)
        ):
            depth += 1
        part = around
    return depth


def _has_same_before(node: ast.stmt, view: View) -> bool:
    """Whether it is an `elif`, or a statement of the same body is found already."""
    if isinstance(node, ast.If) and view.is_elif(node):
        return True
    around = view.parent(node)
    body = (
        next((part for _, part in ast.iter_fields(around) if isinstance(part, list) and node in part), [node])
        if around
        else [node]
    )
    return next(each for each in body if isinstance(each, NODES)) is not node
