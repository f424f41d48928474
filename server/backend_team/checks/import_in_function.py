"""Imports in functions: capture `statement`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View


SCOPES: Final = ("function",)
WANTS: Final = ("imports",)


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find imports of functions, but not attempts."""
    if scope.kind == "function":
        for node in scope.imports:
            if id(node) not in scope.attempts:
                span = view.span(node)
                yield Hit(span, None, (("statement", span),))
