"""An exception that is made and not raised: captures `statement` and `exception`."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import bodies
from backend_team.checks.view import FUNCTIONS, Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

# Not `with` and `try`: there it may be made to fail.
NODES: Final = (*FUNCTIONS, ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler)


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `ValueError(…)` as a statement."""
    for body in bodies(node):
        for statement in body:
            if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
                continue
            made = statement.value.func
            if not isinstance(made, ast.Name) or not made.id[:1].isupper():
                continue
            kind = getattr(builtins, made.id, None)
            if isinstance(kind, type) and issubclass(kind, BaseException):
                span = view.span(statement)
                captures = (("statement", span), ("exception", view.span(statement.value)))
                yield Hit(span, f"`{made.id}` is made, but not raised", captures, requires=builtin(made.id))
