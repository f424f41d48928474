"""keys() where the mapping itself would do, of what is not known to be a dict: captures `map` and `call`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Compare, ast.For, ast.comprehension)
_DISPLAYS: Final = (ast.Dict, ast.DictComp)


def check(node: ast.Compare | ast.For | ast.comprehension, view: View) -> Iterator[Hit]:
    """Find `k in m.keys()` and `for k in m.keys()` where no other rule can know `m` for a dict."""
    if isinstance(node, ast.Compare):
        if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.In, ast.NotIn)):
            return
        call = node.comparators[0]
    else:
        call = node.iter
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr != "keys":
        return
    owner = call.func.value
    if call.args or call.keywords or isinstance(owner, _DISPLAYS):
        return
    if isinstance(owner, ast.Name) and (owner.id == "self" or None not in view.scope.kinds.get(owner.id, ())):
        return
    if not isinstance(node, ast.Compare) and _is_changed(node, view):
        return
    captures = (("map", view.span(owner)), ("call", view.span(call)))
    yield Hit(view.span(call), None, captures)


def _is_changed(node: ast.For | ast.comprehension, view: View) -> bool:
    """Whether the body of the loop may put into the mapping, or take out of it."""
    if isinstance(node, ast.comprehension):
        return False
    call = node.iter
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    name = view.of(view.span(call.func.value))
    return any(
        isinstance(part, (ast.Name, ast.Attribute, ast.Subscript, ast.Call)) and view.of(view.span(part)) == name
        for statement in node.body
        for each in ast.walk(statement)
        if isinstance(each, ast.Delete)
        for part in ast.walk(each)
    )
