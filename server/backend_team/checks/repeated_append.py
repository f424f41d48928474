"""Several append() one after another: captures `first`, and `again` for each of the others."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import among
from backend_team.checks.view import Hit, Requirement
from backend_team.rules.pattern import same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Expr,)


def check(node: ast.Expr, view: View) -> Iterator[Hit]:
    """Find `xs.append(a)` followed by `xs.append(b)`, of what is known to be a list."""
    first = _append(node)
    place = None if first is None else among(node, view.parent(node))
    if first is None or place is None:
        return
    body, index = place
    above = _append(body[index - 1]) if index else None
    if above is not None and same(_owner(above), _owner(first)):
        return
    run = [first]
    for statement in body[index + 1 :]:
        call = _append(statement)
        if call is None or not same(_owner(first), _owner(call)):
            break
        run.append(call)
    if len(run) > 1:
        captures = [("first", view.span(first)), *(("again", view.span(each)) for each in run[1:])]
        requires = (Requirement(_owner(first).id, "list"),)
        yield Hit(view.over(run), None, tuple(captures), requires=requires)


def _append(statement: ast.stmt | None) -> ast.Call | None:
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
        return None
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "append" or isinstance(call.args[0], ast.Starred):
        return None
    return call if isinstance(call.func.value, ast.Name) else None


def _owner(call: ast.Call) -> ast.Name:
    assert isinstance(call.func, ast.Attribute)
    assert isinstance(call.func.value, ast.Name)
    return call.func.value
