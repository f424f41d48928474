"""`__all__` out of order: capture `names` (the list or tuple)."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from backend_team.checks.import_order import member
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import Scope, View

SCOPES: Final = ("module",)
WANTS: Final = ("assignments",)
_GROUPED: Final = re.compile(r"(?:\r\n|\r(?!\n)|\n)[ \t]*(?:#|[\r\n])")


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find lists and tuples of texts that are not sorted, and not grouped by hand."""
    if scope.kind != "module" or "__all__" not in scope.bound:
        return
    for node in scope.assignments:
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        value = node.value
        if not isinstance(target, ast.Name) or target.id != "__all__" or not isinstance(value, (ast.List, ast.Tuple)):
            continue
        names = [item.value for item in value.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        if len(names) < len(value.elts) or all(member((a, "")) <= member((b, "")) for a, b in pairwise(names)):
            continue
        span = view.span(value)
        if not _GROUPED.search(view.of(span)):
            yield Hit(view.span(target), None, (("names", span),))
