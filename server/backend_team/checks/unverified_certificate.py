"""`verify=False` of requests and httpx: capture `argument`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = (
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "request",
    "stream",
    "Client",
    "AsyncClient",
)


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls that turn the check off."""
    for keyword in node.keywords:
        if keyword.arg == "verify" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False:
            found = origin(node.func, {"requests": CALLS, "httpx": CALLS})
            if found is not None:
                span = view.span(keyword)
                yield Hit(span, None, (("argument", span),), requires=(found[2],), anchor=view.start(node))
