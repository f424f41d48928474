"""`universal_newlines=…` for `text=…`: capture `name` (of the argument)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin
from backend_team.text import Span

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("run", "Popen", "call", "check_call", "check_output")
_NAMES: Final = {"subprocess": frozenset(CALLS)}
_OLD: Final = "universal_newlines"


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find the old name of the argument, unless the new one is there too."""
    names = [keyword.arg for keyword in node.keywords]
    if _OLD not in names or "text" in names or None in names:
        return
    found = origin(node.func, _NAMES)
    if found is not None:
        start = view.start(node.keywords[names.index(_OLD)])
        span = Span(start, start + len(_OLD))
        yield Hit(span, None, (("name", span),), requires=(found[2],))
