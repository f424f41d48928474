"""`return`, `yield` and `await` where they must not be: capture `word`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Return, ast.Yield, ast.YieldFrom, ast.Await)
_OWN: Final = (ast.GeneratorExp, ast.Lambda)


def check(node: ast.Return | ast.Yield | ast.YieldFrom | ast.Await, view: View) -> Iterable[Hit]:
    """Find them; what a lambda or a generator expression holds is put off till it runs."""
    scope = view.scope
    awaits = isinstance(node, ast.Await)
    if scope.kind == "function" and not (awaits and isinstance(scope.node, ast.FunctionDef)):
        return ()
    return _outside(node, awaits, view)


def _outside(node: ast.Return | ast.Yield | ast.YieldFrom | ast.Await, awaits: bool, view: View) -> Iterator[Hit]:
    around = view.parent(node)
    while around is not None and not isinstance(around, ast.stmt):
        if isinstance(around, _OWN):
            return
        around = view.parent(around)
    word = "return" if isinstance(node, ast.Return) else "await" if awaits else "yield"
    start = view.start(node)
    span = Span(start, start + len(word))
    place = "an `async` function" if awaits else "a function"
    yield Hit(span, f"`{word}` outside {place}", (("word", span),))
