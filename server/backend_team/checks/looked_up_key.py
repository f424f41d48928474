"""A key asked for before it is looked up: captures `target`, `map`, `key`, `default`, of an `if` `name`, and `elif`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.meaning import is_simple
from backend_team.checks.statements import lone
from backend_team.checks.view import Hit
from backend_team.rules.pattern import same
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.If, ast.IfExp)
SHAPES: Final = {
    ast.If: {"test": (ast.Compare,), "body0": (ast.Assign,), "orelse0": (ast.Assign,)},
    ast.IfExp: {"test": (ast.Compare,)},
}


def check(node: ast.If | ast.IfExp, view: View) -> Iterator[Hit]:
    """Find `m[k] if k in m else default`, as an expression or as an assignment in two branches."""
    parts = looked_up(node)
    if parts is None:
        return
    captures = [(name, view.span(part)) for name, part in parts.items()]
    if isinstance(node, ast.If) and view.is_elif(node):
        captures.append(("elif", view.keyword(node, len("elif"))))
    mark = view.span(node) if isinstance(node, ast.IfExp) else Span(view.start(node), view.end(node.test))
    yield Hit(mark, None, (("target", view.span(node)), *captures))


def looked_up(node: ast.If | ast.IfExp) -> dict[str, ast.expr] | None:
    """The parts of a look-up with a default; None when it is none."""
    test = node.test
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], (ast.In, ast.NotIn)) or len(test.ops) != 1:
        return None
    found: dict[str, ast.expr] = {}
    if isinstance(node, ast.IfExp):
        then, otherwise = node.body, node.orelse
    else:
        first, second = lone(node.body, ast.Assign), lone(node.orelse, ast.Assign)
        if first is None or second is None or len(first.targets) != 1 or len(second.targets) != 1:
            return None
        if not isinstance(first.targets[0], ast.Name) or not same(first.targets[0], second.targets[0]):
            return None
        found["name"] = first.targets[0]
        then, otherwise = first.value, second.value
    if isinstance(test.ops[0], ast.NotIn):
        then, otherwise = otherwise, then
    key, mapping = test.left, test.comparators[0]
    if not isinstance(then, ast.Subscript) or not same(then.value, mapping) or not same(then.slice, key):
        return None
    if isinstance(mapping, ast.Name) and mapping.id == "self":
        return None  # perhaps the method that get() is
    if not (is_simple(key) and is_simple(mapping) and is_simple(otherwise)) or isinstance(otherwise, ast.Attribute):
        return None
    return {**found, "map": mapping, "key": key, "default": otherwise}
