"""`except … as name` whose name nothing reads: capture `as` (from after the exception to the end of the name)."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)
_AS: Final = re.compile(r"[\s\\]*\bas[\s\\]+(\w+)")


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find a name given to an exception in vain: it ends with the handler, so only the handler can read it."""
    if node.name is None or node.type is None or node.name.startswith("_") or node.name in view.scope.outer:
        return
    if any(isinstance(part, ast.Name) and part.id == node.name for item in node.body for part in ast.walk(item)):
        return
    if any(_reads_all(part) for item in node.body for part in ast.walk(item)):
        return
    found = _AS.search(view.text, view.end(node.type))
    if found is not None:
        name = Span(found.start(1), found.end(1))
        yield Hit(name, f"`{node.name}` is never used", (("as", Span(found.start(), found.end())), ("name", name)))


def _reads_all(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"locals", "eval", "exec"}
