"""`pass` beside other statements: capture `statement` (the pass)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.ExceptHandler,
)


def check(node: Any, view: View) -> Iterator[Hit]:
    """Find `pass` in bodies that have something else."""
    for name in ("body", "orelse", "finalbody"):
        body = getattr(node, name, ())
        if len(body) > 1:
            for statement in body:
                if isinstance(statement, ast.Pass):
                    span = view.span(statement)
                    yield Hit(span, None, (("statement", span),))
