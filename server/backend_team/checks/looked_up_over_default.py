"""A default that is then looked up: captures `statement`, `target` (the `if`), `name`, `map`, `key`, `default`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.statements import BODIES, bodies, lone
from backend_team.checks.view import Hit
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = BODIES
PAIRS: Final = ((ast.Assign, ast.If),)


def check(node: ast.stmt, view: View) -> Iterator[Hit]:
    """Find `x = default` right above `if k in m: x = m[k]`."""
    for body in bodies(node):
        for index, choice in enumerate(body):
            if choice.__class__ is ast.If and index and body[index - 1].__class__ is ast.Assign:
                yield from _replaced(body[index - 1], choice, view)


def _replaced(first: ast.stmt, choice: ast.stmt, view: View) -> Iterator[Hit]:
    assert isinstance(first, ast.Assign)
    assert isinstance(choice, ast.If)
    second = lone(choice.body, ast.Assign)
    test = choice.test
    if second is None or choice.orelse or not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.In):
        return
    name, value = second.targets[0], second.value
    key, mapping = test.left, test.comparators[0]
    if not isinstance(name, ast.Name) or not same(first.targets, second.targets) or len(test.ops) != 1:
        return
    if not isinstance(value, ast.Subscript) or not same(value.value, mapping) or not same(value.slice, key):
        return
    if not is_simple(key) or not is_simple(mapping) or not isinstance(first.value, ast.Constant):
        return
    if any(isinstance(part, ast.Name) and part.id == name.id for part in (*ast.walk(key), *ast.walk(mapping))):
        return
    if "#" in view.text[view.start(first) : view.end(choice)]:
        return
    parts: tuple[ast.stmt | ast.expr, ...] = (first, choice, name, mapping, key, first.value)
    names = ("statement", "target", "name", "map", "key", "default")
    captures = tuple(zip(names, map(view.span, parts), strict=True))
    yield Hit(Span(view.start(choice), view.end(test)), None, captures)
