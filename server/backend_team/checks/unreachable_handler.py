"""A handler that an earlier one leaves nothing to: captures `exception` and `first`."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Try,)


def check(node: ast.Try, view: View) -> Iterator[Hit]:
    """Find handlers of built-in exceptions that are all caught above."""
    if len(node.handlers) < 2:
        return
    seen: list[ast.Name] = []
    for handler in node.handlers:
        names = _names(handler.type)
        hidden = [(name, above) for name in names for above in seen if _within(name.id, above.id)]
        if names and len({name.id for name, _ in hidden}) == len({name.id for name in names}) and handler.type:
            above = hidden[0][1]
            span = view.span(handler.type)
            relied = sorted({name.id for pair in hidden for name in pair})
            message = f"`except {above.id}` above has caught it already"
            captures = (("exception", span), ("first", view.span(above)))
            related = (("it is caught here", view.span(above)),)
            yield Hit(span, message, captures, requires=builtin(*relied), related=related)
        seen += [name for name in names if isinstance(getattr(builtins, name.id, None), type)]


def _names(node: ast.expr | None) -> list[ast.Name]:
    """The plain names of the exceptions; none when there is something else."""
    items = node.elts if isinstance(node, ast.Tuple) else [] if node is None else [node]
    names = [item for item in items if isinstance(item, ast.Name)]
    return names if len(names) == len(items) else []


def _within(name: str, above: str) -> bool:
    inner, outer = getattr(builtins, name, None), getattr(builtins, above, None)
    return isinstance(inner, type) and isinstance(outer, type) and issubclass(inner, outer)
