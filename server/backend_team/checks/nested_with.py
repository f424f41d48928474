"""`with` whose whole body is another: captures `statement`, `inner`, `items`, `inner_items`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.With, ast.AsyncWith)
_LONGEST: Final = 80  # characters of both lists of managers


def check(node: ast.With | ast.AsyncWith, view: View) -> Iterator[Hit]:
    """Find two short `with` of a kind that could be one."""
    inner = node.body[0]
    if len(node.body) != 1 or inner.__class__ is not node.__class__:
        return
    assert isinstance(inner, (ast.With, ast.AsyncWith))
    if len(inner.body) == 1 and inner.body[0].__class__ is node.__class__:
        return  # three and more read better one below the other
    outer_items, inner_items = _items(node), _items(inner)
    items, others = view.over(outer_items), view.over(inner_items)
    if items.end - items.start + others.end - others.start > _LONGEST:
        return
    if "#" in view.text[items.start : view.start(inner.body[0])] or "\n" in view.of(items) or "\n" in view.of(others):
        return
    captures = (("statement", view.span(node)), ("inner", view.span(inner)), ("items", items), ("inner_items", others))
    yield Hit(view.keyword(node, 4 if isinstance(node, ast.With) else 10), None, captures)


def _items(node: ast.With | ast.AsyncWith) -> list[ast.expr]:
    return [part for item in node.items for part in (item.context_expr, item.optional_vars) if part is not None]
