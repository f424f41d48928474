"""`with threading.Lock():`: capture `lock`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.With, ast.AsyncWith)
_NAMES: Final = ("Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore")
_MODULES: Final = ("threading", "asyncio", "multiprocessing")


def check(node: ast.With | ast.AsyncWith, view: View) -> Iterator[Hit]:
    """Find locks that are made where they are taken."""
    for item in node.items:
        call = item.context_expr
        if item.optional_vars is None and isinstance(call, ast.Call):
            for module in _MODULES:  # a name may come from any of them
                found = origin(call.func, {module: _NAMES})
                if found is not None:
                    span = view.span(call)
                    yield Hit(span, None, (("lock", span),), requires=(found[2],))
