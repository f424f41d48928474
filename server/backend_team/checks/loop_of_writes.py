"""A loop that only writes to an opened file: captures `loop`, `file`, `item`, `iterable`, `text`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.statements import lone, own
from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.With,)
_NOT_INSIDE: Final = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


def check(node: ast.With, view: View) -> Iterator[Hit]:
    """Find `for line in lines: file.write(line)` where `file` is of `with open(…) as file`."""
    files = {
        item.optional_vars.id
        for item in node.items
        if isinstance(item.optional_vars, ast.Name) and _opens(item.context_expr)
    }
    if not files:
        return
    for loop in own(node.body):
        if not isinstance(loop, ast.For) or loop.orelse:
            continue
        statement = lone(loop.body, ast.Expr)
        call = None if statement is None else statement.value
        if not isinstance(call, ast.Call) or len(call.args) != 1 or call.keywords:
            continue
        function, text = call.func, call.args[0]
        if not isinstance(function, ast.Attribute) or function.attr != "write" or isinstance(text, ast.Starred):
            continue
        if not isinstance(function.value, ast.Name) or function.value.id not in files:
            continue
        if any(isinstance(part, _NOT_INSIDE) or _is(part, function.value.id) for part in ast.walk(text)):
            continue
        captures = (
            ("loop", view.span(loop)),
            ("file", view.span(function.value)),
            ("item", view.span(loop.target)),
            ("iterable", view.span(loop.iter)),
            ("text", view.span(text)),
        )
        yield Hit(view.keyword(loop, len("for")), None, captures)


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _opens(node: ast.expr) -> bool:
    """Whether it is `open(…)` or `….open(…)`."""
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return (isinstance(function, ast.Name) and function.id == "open") or (
        isinstance(function, ast.Attribute) and function.attr == "open"
    )
