"""`%` formats that don't fit what is formatted: capture `format`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.BinOp,)
_PLACE: Final = re.compile(
    r"%(?:\((?P<key>[^()]*)\))?[#0\- +]*(?P<width>\*|\d*)(?:\.(?P<precision>\*|\d*))?[hlL]?(?P<type>.?)", re.DOTALL
)
_TYPES: Final = frozenset("diouxXeEfFgGcrsab")
SHAPES: Final = {ast.BinOp: {"left": (ast.Constant,), "op": (ast.Mod,)}}


def check(node: ast.BinOp, view: View) -> Iterator[Hit]:
    """Find formats that surely fail."""
    if node.left.__class__ is not ast.Constant or node.op.__class__ is not ast.Mod:
        return
    assert isinstance(node.left, ast.Constant)
    text = node.left.value
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    if not isinstance(text, str):
        return
    fault = fault_of(text, node.right)
    if fault is not None:
        span = view.span(node.left)
        yield Hit(span, fault, (("format", span),), anchor=view.start(node))


def places(text: str) -> tuple[int, list[str]] | str:
    """How many values a format takes in order, and the names it takes from a dict; or what is wrong with it."""
    count = 0
    names: list[str] = []
    for found in _PLACE.finditer(text):
        kind = found["type"]
        if kind == "%":
            continue
        if kind not in _TYPES or not kind:
            return f"`%{kind}` is no format" if kind else "The format ends in the middle of a place"
        if found["key"] is not None:
            names.append(found["key"])
        else:
            count += 1 + (found["width"] == "*") + (found["precision"] == "*")
    return count, names


def fault_of(text: str, value: ast.expr) -> str | None:
    """Why a format does not fit the value behind `%`; None when it does, or may."""
    found = places(text)
    if isinstance(found, str):
        return found
    count, names = found
    if count and names:
        return "The format takes values by name and in order"
    if isinstance(value, ast.Tuple):
        if any(isinstance(item, ast.Starred) for item in value.elts):
            return None
        if names:
            return "The format takes values by name, but is given a tuple"
        given = len(value.elts)
        return None if given == count else f"The format has {count} places for {given} values"
    if isinstance(value, ast.Dict) and names:
        keys = [key.value for key in value.keys if isinstance(key, ast.Constant)]
        missing = next((name for name in names if name not in keys), None)
        return None if missing is None or len(keys) < len(value.keys) else f"The dict has no `{missing}`"
    if isinstance(value, (ast.Constant, ast.JoinedStr)):
        if names:
            return "The format takes values by name, but is given one value"
        return None if count == 1 else f"The format has {count} places for one value"
    return None
