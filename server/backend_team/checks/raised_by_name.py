"""The exception a handler caught, raised by its name: captures `statement` and `exception`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import own
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.ExceptHandler,)


def check(node: ast.ExceptHandler, view: View) -> Iterator[Hit]:
    """Find `raise error` in the handler that caught `error` and left it as it was."""
    if node.name is None:
        return
    found = []
    todo: list[ast.AST] = [*node.body]
    while todo:
        part = todo.pop()
        if isinstance(part, ast.Raise) and isinstance(part.exc, ast.Name) and part.exc.id == node.name:
            if part.cause is None:
                found.append(part)
        elif isinstance(part, (ast.If, ast.For, ast.While, ast.With)):
            todo += [child for child in ast.iter_child_nodes(part) if isinstance(child, ast.stmt)]
    if not found:
        return
    if any(_binds(part, node.name) for part in own(node.body)):
        return
    for part in found:
        captures = (("statement", view.span(part)), ("exception", view.span(part.exc)))  # type: ignore[arg-type]
        yield Hit(view.span(part), None, captures)


def _binds(statement: ast.AST, name: str) -> bool:
    """Whether the name then stands for something else."""
    if isinstance(statement, ast.ExceptHandler):
        return statement.name == name
    return isinstance(statement, (ast.Assign, ast.AugAssign, ast.For, ast.With, ast.Delete)) and any(
        isinstance(part, ast.Name) and part.id == name and not isinstance(part.ctx, ast.Load)
        for part in ast.walk(statement)
    )
