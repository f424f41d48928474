"""`assertRaises(Exception)` whose exception nobody looks at: captures `call` and `exception`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.With, ast.AsyncWith)
_NAMES: Final = frozenset({"Exception", "BaseException"})
_OWNERS: Final = {"assertRaises": "self", "raises": "pytest"}


def check(node: ast.With | ast.AsyncWith, view: View) -> Iterator[Hit]:
    """Find tests that expect any exception and keep none to look at."""
    for item in node.items:
        call = item.context_expr
        if item.optional_vars is not None or not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
            continue
        expected, asked = call.args[0], call.func
        if not isinstance(expected, ast.Name) or expected.id not in _NAMES or not isinstance(asked, ast.Attribute):
            continue
        if isinstance(asked.value, ast.Name) and _OWNERS.get(asked.attr) == asked.value.id:
            span = view.span(call)
            captures = (("call", span), ("exception", view.span(expected)))
            yield Hit(
                span, f"Any error passes this test: it expects `{expected.id}`", captures, requires=builtin(expected.id)
            )
