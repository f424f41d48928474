"""An exception that another of the same handler covers: captures `item`, `tuple`, `by`."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find the first name of a tuple that a built-in exception beside it, or the same name, covers."""
    if not isinstance(node.type, ast.Tuple) or len(node.type.elts) < 2:
        return
    items = [item for item in node.type.elts if isinstance(item, ast.Name)]
    for index, item in enumerate(items):
        for place, other in enumerate(items):
            if place == index or not _covers(other.id, item.id, place < index):
                continue
            captures = (("item", view.span(item)), ("tuple", view.span(node.type)), ("by", view.span(other)))
            relied = () if item.id == other.id else builtin(item.id, other.id)
            related = ((f"`{other.id}` is here", view.span(other)),)
            yield Hit(view.span(item), f"`{other.id}` covers `{item.id}`", captures, requires=relied, related=related)
            return


def _covers(outer: str, inner: str, before: bool) -> bool:
    if outer == inner:
        return before
    one, other = getattr(builtins, outer, None), getattr(builtins, inner, None)
    if not isinstance(one, type) or not isinstance(other, type) or not issubclass(other, one):
        return False
    return one is not other or outer == "OSError" or before  # IOError is OSError by an old name
