"""Imports of names from where they lived once: capture `statement`.

For review where annotations are concerned (they may be read at runtime, and a class that derives from a generic of
`typing` is one itself), and where an import of a built-in name goes away (another module may take it from here).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.moved_names import BUILTINS, WHOLE, home
from backend_team.checks.view import Hit
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Import, ast.ImportFrom)
_PLACES: Final = frozenset({"collections", "typing", "typing_extensions", "pipes", "builtins", "io", "xml", "six"})


def check(node: ast.Import | ast.ImportFrom, view: View) -> Iterator[Hit]:
    """Find names that live elsewhere, except in an attempt (`try`) and where the version of Python is asked for."""
    if isinstance(node, ast.Import):
        old = next((each for each in node.names if each.name in WHOLE and each.asname), None)
        if old is not None and id(node) not in view.scope.attempts:
            yield Hit(view.span(old), f"Import `{WHOLE[old.name]}`", (("statement", view.span(node)),))
        return
    module = node.module
    if node.level or module is None or module.partition(".")[0] not in _PLACES:
        return
    if id(node) in view.scope.attempts or "version_info" in view.text:
        return
    first = None
    safety = Safety.REVIEW if module.startswith("typing") else None
    for alias in node.names:
        found = home(module, alias.name, view.settings.target_version)
        if found is None or (alias.name == "cElementTree" and alias.asname is None):
            continue
        if found.module == BUILTINS and found.name:
            if alias.asname not in {None, alias.name} or node.col_offset:
                continue
            safety = Safety.REVIEW
        first = first or (alias, found.module)
    if first is not None:
        alias, place = first
        message = f"`{alias.name}` is built in" if place == BUILTINS else f"`{alias.name}` comes from `{place}`"
        captures = (("statement", view.span(node)),)
        yield Hit(view.span(alias), message, captures, safety, anchor=view.start(node))
