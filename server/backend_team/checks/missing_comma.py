"""Words of a list in two lines without a comma: captures `item` and `gap` (between the two)."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.List, ast.Set, ast.Tuple)
_TWO: Final = re.compile(
    r"""(?:'([\w.-]*)'|"([\w.-]*)")[ \t]*(?:\#[^\r\n]*)?[\r\n]+[ \t]*(?:'([\w.-]*)'|"([\w.-]*)")"""
)


_LONGEST: Final = 30  # a longer one is a text that goes on


def check(node: ast.List | ast.Set | ast.Tuple, view: View) -> Iterable[Hit]:
    """Find items of two single words, among items of one."""
    return () if node.lineno == node.end_lineno or len(node.elts) < 2 else _missing(node, node.elts, view)


def _missing(node: ast.expr, items: list[ast.expr], view: View) -> Iterator[Hit]:
    long = [item for item in items if item.lineno != item.end_lineno]
    if not long or len(long) > 1 + len(items) // 3:
        return
    if not all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in items):
        return
    for item in long:
        span = view.span(item)
        found = _TWO.fullmatch(view.of(span))
        if found is None or view.text[: span.start].rstrip()[-1:] == "(" != view.text[view.start(node)]:
            continue
        first, second = (found[1] or found[2] or ""), (found[3] or found[4] or "")
        if len(first) <= _LONGEST and _is_word(first[-1:]) and _is_word(second[:1]):
            end = span.start + found.end(1 if found[1] is not None else 2) + 1
            yield Hit(span, None, (("item", span), ("gap", Span(end, end))))


def _is_word(char: str) -> bool:
    return char.isalpha()
