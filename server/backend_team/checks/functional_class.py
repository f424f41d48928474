"""`Point = NamedTuple("Point", […])` for a class: captures `statement`."""

from __future__ import annotations

import ast
import keyword
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Assign,)
_NAMES: Final = {
    "typing": frozenset({"NamedTuple", "TypedDict"}),
    "typing_extensions": frozenset({"NamedTuple", "TypedDict"}),
}


def check(node: ast.Assign, view: View) -> Iterator[Hit]:
    """Find tuples with names and typed dictionaries that are made by a call."""
    call = node.value
    if not isinstance(call, ast.Call) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return
    found = origin(call.func, _NAMES)
    if found is None or not call.args:
        return
    name = call.args[0]
    if not isinstance(name, ast.Constant) or name.value != node.targets[0].id or fields(call, found[1]) is None:
        return
    yield Hit(view.span(call.func), None, (("statement", view.span(node)),), requires=(found[2],))


def fields(call: ast.Call, kind: str) -> list[tuple[str, ast.expr]] | None:
    """The fields with their types; None when the call is not that plain."""
    given: list[tuple[object, ast.expr]] = []
    if any(each.arg is None for each in call.keywords):
        return None
    options = [each for each in call.keywords if each.arg == "total"]
    if kind == "NamedTuple":
        pairs = call.args[1] if len(call.args) == 2 else None
        if call.keywords or not isinstance(pairs, (ast.List, ast.Tuple)):
            return None
        for pair in pairs.elts:
            if not isinstance(pair, ast.Tuple) or len(pair.elts) != 2 or not isinstance(pair.elts[0], ast.Constant):
                return None
            given.append((pair.elts[0].value, pair.elts[1]))
    elif len(call.args) == 1:
        if options:
            return None
        given = [(each.arg, each.value) for each in call.keywords]
    else:
        items = call.args[1]
        if len(call.args) != 2 or len(options) != len(call.keywords) or not isinstance(items, ast.Dict):
            return None
        for key, value in zip(items.keys, items.values, strict=True):
            if not isinstance(key, ast.Constant):
                return None
            given.append((key.value, value))
    found = [(name, value) for name, value in given if isinstance(name, str) and _is_field(name, kind)]
    return found if len(found) == len(given) > 0 and len({name for name, _ in found}) == len(found) else None


def _is_field(name: str, kind: str) -> bool:
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("__"):
        return False
    return kind == "TypedDict" or not name.startswith("_")
