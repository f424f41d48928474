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
KEYS: Final = {ast.Assign: _NAMES["typing"]}


def check(node: ast.Assign, view: View) -> Iterator[Hit]:
    """Find tuples with names and typed dictionaries that are made by a call."""
    call = node.value
    if not isinstance(call, ast.Call) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
        return
    function = call.func
    last = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if last not in _NAMES["typing"]:
        return
    found = origin(function, _NAMES)
    if found is None or not call.args:
        return
    name = call.args[0]
    if not isinstance(name, ast.Constant) or name.value != node.targets[0].id or fields(call, found[1]) is None:
        return
    yield Hit(view.span(call.func), None, (("statement", view.span(node)),), requires=(found[2],))


def fields(call: ast.Call, kind: str) -> list[tuple[str, ast.expr]] | None:
    """The fields with their types; None when the call is not that plain."""
    given = _of_tuple(call) if kind == "NamedTuple" else _of_dict(call)
    names = {each.value if isinstance(each, ast.Constant) else each for each, _ in given}
    found = [(name, value) for name, (_, value) in zip(names_of(given), given, strict=True) if _is_field(name, kind)]
    return found if len(found) == len(given) == len(names) > 0 else None


def names_of(given: list[tuple[ast.expr | str | None, ast.expr]]) -> list[str]:
    """The names of fields, empty for those that are no texts."""
    names = [each.value if isinstance(each, ast.Constant) else each for each, _ in given]
    return [name if isinstance(name, str) else "" for name in names]


def _of_tuple(call: ast.Call) -> list[tuple[ast.expr | str | None, ast.expr]]:
    pairs = call.args[1] if len(call.args) == 2 and not call.keywords else None
    if not isinstance(pairs, (ast.List, ast.Tuple)):
        return []
    return [
        (pair.elts[0], pair.elts[1]) if isinstance(pair, ast.Tuple) and len(pair.elts) == 2 else (None, pair)
        for pair in pairs.elts
    ]


def _of_dict(call: ast.Call) -> list[tuple[ast.expr | str | None, ast.expr]]:
    options = [each.arg for each in call.keywords]
    if len(call.args) == 1:
        return [] if "total" in options else [(each.arg, each.value) for each in call.keywords]
    items = call.args[1]
    if len(call.args) != 2 or options not in ([], ["total"]) or not isinstance(items, ast.Dict):
        return []
    return list(zip(items.keys, items.values, strict=True))


def _is_field(name: str, kind: str) -> bool:
    if not name.isidentifier() or keyword.iskeyword(name) or name.startswith("__"):
        return False
    return kind == "TypedDict" or not name.startswith("_")
