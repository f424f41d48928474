"""Statements that are never reached: captures `code` and `after` (what leaves before them)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import BODIES, LEAVING, bodies
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = tuple((kind, None) for kind in LEAVING)


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find statements behind `return`, `raise`, `continue` or `break`; a `yield` there makes a generator."""
    for body in bodies(node):
        for index in range(len(body) - 1):
            if body[index].__class__ in LEAVING:
                rest = body[index + 1 :]
                if not any(isinstance(part, (ast.Yield, ast.YieldFrom)) for each in rest for part in ast.walk(each)):
                    captures = (("code", view.over(rest)), ("after", view.span(body[index])))
                    yield Hit(view.over(rest), None, captures)
                break
