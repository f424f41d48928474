"""`os.chmod` with a mode that lets all others write: capture `mode`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("chmod", "fchmod", "lchmod")


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find modes written down with the bit for writing by others, but not the one that keeps them from deleting."""
    modes = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    if len(modes) != 1 or not isinstance(modes[0], ast.Constant) or not isinstance(modes[0].value, int):
        return
    mode = modes[0].value
    span = view.span(modes[0])
    if not mode & 0o002 or mode & 0o1000 or not view.of(span).lower().startswith("0o"):
        return
    found = origin(node.func, {"os": CALLS})
    if found is not None:
        yield Hit(span, None, (("mode", span),), requires=(found[2],), anchor=view.start(node))
