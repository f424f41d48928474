"""`defaultdict(default_factory=…)`: capture `call`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("defaultdict",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find a `defaultdict` without a factory that has the keyword."""
    if node.args or all(keyword.arg != "default_factory" for keyword in node.keywords):
        return
    found = origin(node.func, {"collections": ("defaultdict",)})
    if found is not None:
        span = view.span(node)
        yield Hit(span, None, (("call", span),), requires=(found[2],))
