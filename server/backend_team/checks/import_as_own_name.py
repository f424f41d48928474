"""`import a.b as b`: captures `statement`, `module` (before the last dot) and `name`."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.findings import Safety
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Import,)


def check(node: ast.Import, view: View) -> Iterator[Hit]:
    """Find imports of one module under the last part of its name."""
    if len(node.names) != 1:
        return
    alias = node.names[0]
    module, dot, last = alias.name.rpartition(".")
    if not dot or alias.asname != last:
        return
    span = view.span(node)
    start = view.start(alias)
    captures = (
        ("statement", span),
        ("module", Span(start, start + len(module))),
        ("name", Span(start + len(module) + 1, start + len(alias.name))),
    )
    standard = module.partition(".")[0] in sys.stdlib_module_names
    if view.of(captures[2][1]) == last:
        yield Hit(span, f"Say `from {module} import {last}`", captures, None if standard else Safety.REVIEW)
