"""An exception that is made and not raised: captures `statement` and `exception`."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

# Not `with` and `try`: there it may be made to fail.
_AROUND: Final = (*FUNCTIONS, ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler)
NODES: Final = (ast.Expr,)
_EXCEPTIONS: Final = frozenset(
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
)
KEYS: Final = {ast.Expr: _EXCEPTIONS}


def check(node: ast.Expr, view: View) -> Iterator[Hit]:
    """Find `ValueError(…)` as a statement."""
    call = node.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return
    name = call.func.id
    if name in _EXCEPTIONS and isinstance(view.parent(node), _AROUND):
        span = view.span(node)
        captures = (("statement", span), ("exception", view.span(call)))
        yield Hit(span, f"`{name}` is made, but not raised", captures, requires=builtin(name))
