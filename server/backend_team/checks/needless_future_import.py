"""`from __future__ import division`: captures `statement` and `alias` (one that says nothing any more)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ImportFrom,)
_SINCE: Final = {
    **dict.fromkeys(("nested_scopes", "generators", "with_statement", "absolute_import", "division"), (3, 0)),
    **dict.fromkeys(("print_function", "unicode_literals"), (3, 0)),
    "generator_stop": (3, 7),
}


def check(node: ast.ImportFrom, view: View) -> Iterator[Hit]:
    """Find what the oldest Python that is supported does anyway."""
    if node.module != "__future__" or node.level:
        return
    for alias in node.names:
        since = _SINCE.get(alias.name)
        if since is not None and since <= view.settings.target_version and alias.asname is None:
            place = view.span(alias)
            yield Hit(
                place,
                f"`{alias.name}` is how Python works anyway",
                (("statement", view.span(node)), ("alias", place)),
                anchor=view.start(node),
            )
