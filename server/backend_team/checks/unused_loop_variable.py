"""Loop variables that nothing reads: capture `name`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.nodes import below, each_below
from backend_team.checks.view import FUNCTIONS, Hit
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.For, ast.AsyncFor)
_READERS: Final = frozenset({"locals", "vars", "eval", "exec", "dir", "globals"})


def check(node: ast.For | ast.AsyncFor, view: View) -> Iterator[Hit]:
    """Find names of the target that the function doesn't read; outside of functions, that the loop doesn't."""
    names = [name for name in _names(node.target) if not name.id.startswith("_")]
    if not names:
        return
    if _are_read({name.id for name in names}, reversed(node.body)):  # the first statement is looked at first
        return
    read = _read(node.body)
    names = [name for name in names if name.id not in read]
    if not names or not _READERS.isdisjoint(read):
        return
    around = view.scope.node
    local = isinstance(around, FUNCTIONS)
    read = _read([around]) if isinstance(around, (*FUNCTIONS, ast.ClassDef)) else _read(view.nodes)
    for name in names:
        if name.id in read or not _READERS.isdisjoint(read) or name.id in view.scope.outer:
            continue
        span = view.span(name)
        safe = local and f"_{name.id}" not in read and sum(each.id == name.id for each in _names(node.target)) == 1
        yield Hit(span, f"`{name.id}` is not used", (("name", span),), None if safe else Safety.REVIEW)


def _names(target: ast.expr) -> list[ast.Name]:
    if isinstance(target, ast.Name):
        return [target]
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for item in target.elts for name in _names(item)]
    return _names(target.value) if isinstance(target, ast.Starred) else []


def _are_read(names: set[str], nodes: Iterable[ast.AST]) -> bool:
    """Whether all of the names are read, as those of most loops are soon."""
    for part in each_below(*nodes):
        if part.__class__ is ast.Name and part.ctx.__class__ is not ast.Store and part.id in names:
            names.discard(part.id)
            if not names:
                return True
    return False


def _read(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that are read, declared global, or changed from what they were."""
    found: set[str] = set()
    for part in below(*nodes):
        if part.__class__ is ast.Name:
            if part.ctx.__class__ is not ast.Store:
                found.add(part.id)
        elif isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
            found.add(part.target.id)
        elif isinstance(part, (ast.Global, ast.Nonlocal)):
            found.update(part.names)
    return found
