"""`raise StopIteration` in a generator: capture `statement`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import is_generator
from backend_team.checks.view import FUNCTIONS, Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Raise,)


def check(node: ast.Raise, view: View) -> Iterator[Hit]:
    """Find a generator that ends itself by hand."""
    exception = node.exc
    plain = exception
    if isinstance(exception, ast.Call) and not exception.args and not exception.keywords:
        plain = exception.func
    function = view.scope.node
    if not isinstance(plain, ast.Name) or plain.id != "StopIteration" or not isinstance(function, FUNCTIONS):
        return
    if is_generator(function.body):
        span = view.span(node)
        yield Hit(span, None, (("statement", span),), requires=builtin("StopIteration"))
