"""A handler that passes over every exception: captures `handler` and `exception`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)
_BROAD: Final = frozenset({"Exception", "BaseException"})


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find `except Exception:` with only `pass` or `continue`, and no comment that says why."""
    if len(node.body) != 1 or not isinstance(node.body[0], (ast.Pass, ast.Continue)):
        return
    if not isinstance(node.type, ast.Name) or node.type.id not in _BROAD:
        return
    kind = view.span(node.type)
    line_end = view.text.find("\n", view.end(node))
    if "#" in view.text[kind.end : line_end if line_end >= 0 else len(view.text)]:
        return
    mark = Span(view.start(node), kind.end)
    yield Hit(mark, None, (("handler", view.span(node)), ("exception", kind)), requires=builtin(node.type.id))
