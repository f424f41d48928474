"""`subprocess.run` without `check`: capture `call`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("run",)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls that don't say what is to happen when the command fails."""
    if any(keyword.arg in {"check", None} for keyword in node.keywords):
        return
    found = origin(node.func, {"subprocess": CALLS})
    if found is not None:
        span = view.span(node.func)
        yield Hit(span, None, (("call", view.span(node)),), requires=(found[2],))
