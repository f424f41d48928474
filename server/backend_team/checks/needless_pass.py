"""`pass` beside other statements: capture `statement` (the pass)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.statements import BODIES, bodies
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (*BODIES, ast.ClassDef)
PAIRS: Final = ((ast.Pass, None), (None, ast.Pass))


def check(node: Any, view: View) -> Iterator[Hit]:
    """Find `pass` in bodies that have something else."""
    for body in bodies(node):
        if len(body) > 1:
            for statement in body:
                if isinstance(statement, ast.Pass):
                    span = view.span(statement)
                    yield Hit(span, None, (("statement", span),))
