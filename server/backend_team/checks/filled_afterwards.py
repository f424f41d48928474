"""A dict or list that is filled right below: captures `display`, `end` (all of it), and of each item `key`, `value`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_pure, is_simple
from backend_team.checks.statements import BODIES, bodies
from backend_team.checks.view import Hit
from backend_team.findings import Safety
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = (
    (ast.Assign, ast.Assign),
    (ast.Assign, ast.Expr),
    (ast.AnnAssign, ast.Assign),
    (ast.AnnAssign, ast.Expr),
)
_ODD: Final = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
Item = tuple[ast.expr | None, ast.expr]  # key and value; a list has no keys


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `x = {…}` with `x["a"] = 1` below it, and `x = […]` with `x.append(1)`."""
    for body in bodies(node):
        for index in range(len(body) - 1):
            statement = body[index]
            if isinstance(statement, (ast.Assign, ast.AnnAssign)) and isinstance(statement.value, (ast.Dict, ast.List)):
                yield from _filled(statement, statement.value, body[index + 1 :], view)


def _filled(
    statement: ast.Assign | ast.AnnAssign, display: ast.Dict | ast.List, rest: Sequence[ast.stmt], view: View
) -> Iterator[Hit]:
    target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
    if not isinstance(target, ast.Name) or (isinstance(statement, ast.Assign) and len(statement.targets) != 1):
        return
    keys = list(display.keys) if isinstance(display, ast.Dict) else None
    items: list[Item] = []
    end: ast.stmt = statement
    for following in rest:
        item = _item(following, target.id, keys)
        between = view.text[view.end(end) : view.start(following)]
        if item is None or "#" in (between if items else between.replace("\r", "\n").partition("\n")[2]):
            break
        items.append(item)
        end = following
    if not items or any(_item(following, target.id, None if keys is None else []) for following in rest[len(items) :]):
        return  # a series that goes on further down is better left in one piece
    captures = [("display", view.span(display)), ("end", Span(view.start(statement), view.end(end)))]
    for key, value in items:
        if key is not None:
            captures.append(("key", view.span(key)))
        captures.append(("value", view.span(value)))
    plain = all(is_pure(value) for _, value in items)
    yield Hit(view.span(statement), None, tuple(captures), None if plain else Safety.REVIEW)


def _item(node: ast.stmt, name: str, keys: list[ast.expr | None] | None) -> Item | None:
    """What a statement puts in; None when it does not, or when that depends on what is in already."""
    if node.lineno != node.end_lineno:
        return None
    item = _appended(node, name) if keys is None else _set(node, name, keys)
    if item is None or isinstance(item[1], ast.Starred):
        return None
    for part in (part for each in item if each is not None for part in ast.walk(each)):
        if isinstance(part, _ODD) or _is(part, name):
            return None
    if keys is not None:
        keys.append(item[0])
    return item


def _set(node: ast.stmt, name: str, keys: list[ast.expr | None]) -> Item | None:
    if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Subscript):
        return None
    key = node.targets[0].slice
    if not _is(node.targets[0].value, name) or not is_simple(key):
        return None
    return None if any(each is not None and same(each, key) for each in keys) else (key, node.value)


def _appended(node: ast.stmt, name: str) -> Item | None:
    call = node.value if isinstance(node, ast.Expr) else None
    return (None, call.args[0]) if isinstance(call, ast.Call) and _is_append(call, name) else None


def _is_append(call: ast.Call, name: str) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr != "append" or not _is(function.value, name):
        return False
    return len(call.args) == 1 and not call.keywords


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
