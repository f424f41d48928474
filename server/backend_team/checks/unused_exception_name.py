"""`except … as name` whose name nothing reads: capture `as` (from after the exception to the end of the name)."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit
from backend_team.findings import Safety
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)
_AS: Final = re.compile(r"[\s\\]*\bas[\s\\]+(\w+)")


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find a name given to an exception in vain: it ends with the handler, so only the handler can read it.

    The end of the handler deletes the name; where it is bound in another way, too, the fix is for review.
    """
    if node.name is None or node.type is None or node.name.startswith("_") or node.name in view.scope.outer:
        return
    if any(isinstance(part, ast.Name) and part.id == node.name for item in node.body for part in ast.walk(item)):
        return
    if any(_reads_all(part) for item in node.body for part in ast.walk(item)):
        return
    found = _AS.search(view.text, view.end(node.type))
    if found is not None:
        name = Span(found.start(1), found.end(1))
        around = view.scope.node
        alone = isinstance(around, FUNCTIONS) and not _is_bound(node.name, [around])
        alone = alone or (around is None and view.kind == "statement" and not _is_bound(node.name, view.nodes))
        captures = (("as", Span(found.start(), found.end())), ("name", name))
        yield Hit(name, f"`{node.name}` is never used", captures, None if alone else Safety.REVIEW)


def _is_bound(name: str, nodes: Iterable[ast.AST]) -> bool:
    """Whether something else than a handler binds the name."""
    return any(
        (isinstance(part, ast.Name) and part.id == name and not isinstance(part.ctx, ast.Load))
        or (isinstance(part, ast.arg) and part.arg == name)
        or (isinstance(part, ast.alias) and (part.asname or part.name) == name)
        or (isinstance(part, (*FUNCTIONS, ast.ClassDef)) and part.name == name)
        for node in nodes
        for part in ast.walk(node)
    )


def _reads_all(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"locals", "eval", "exec"}
