"""`:=` in the condition of an `assert`: capture `assignment`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Assert,)
_OWN_SCOPES: Final = (ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.Lambda)


def check(node: ast.Assert, view: View) -> Iterator[Hit]:
    """Find an assignment whose name is not only of use to the condition."""
    todo: list[ast.AST] = [node.test]
    while todo:
        part = todo.pop()
        if isinstance(part, ast.NamedExpr):
            name = part.target.id
            if sum(isinstance(other, ast.Name) and other.id == name for other in ast.walk(node)) == 1:
                span = view.span(part)
                yield Hit(span, f"`{name}` is not assigned when Python runs with `-O`", (("assignment", span),))
        if not isinstance(part, _OWN_SCOPES):
            todo += ast.iter_child_nodes(part)
