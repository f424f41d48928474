"""`preexec_fn` of subprocess: capture `argument`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("run", "call", "check_call", "check_output", "Popen")


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls that give one."""
    for keyword in node.keywords:
        if keyword.arg == "preexec_fn" and not isinstance(keyword.value, ast.Constant):
            found = origin(node.func, {"subprocess": CALLS})
            if found is not None:
                span = view.span(keyword)
                yield Hit(span, None, (("argument", span),), requires=(found[2],), anchor=view.start(node))
