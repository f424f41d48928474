"""Modes of files that look octal and are not: capture `mode`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("chmod", "fchmod", "lchmod", "mkdir", "makedirs", "mkfifo")
_MEANT: Final = frozenset(
    [
        "400",
        "440",
        "444",
        "500",
        "550",
        "555",
        "600",
        "640",
        "644",
        "660",
        "664",
        "666",
        "700",
        "710",
        "750",
        "755",
        "770",
        "775",
        "777",
    ]
)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find decimal numbers that are usual modes when they are read as octal ones."""
    modes = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    if len(modes) != 1 or not isinstance(modes[0], ast.Constant):
        return
    span = view.span(modes[0])
    found = origin(node.func, {"os": CALLS}) if view.of(span) in _MEANT else None
    if found is not None:
        yield Hit(span, None, (("mode", span),), requires=(found[2],), anchor=view.start(node))
