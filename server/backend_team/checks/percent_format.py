"""`"%s and %s" % (a, b)`: captures `expression`, `text` and `values`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.format_fields import Field, percents
from backend_team.checks.view import Hit, Requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.BinOp,)
_SURE: Final = frozenset({"str", "repr", "len", "int", "float", "ascii", "hex"})


def check(node: ast.BinOp, view: View) -> Iterator[Hit]:
    """Find texts, written down, that are filled by `%` with as many values as they have places."""
    text, values = node.left, node.right
    if not isinstance(node.op, ast.Mod) or not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return
    parts = percents(text.value, raw=True)
    if parts is None:
        return
    fields = [part for part in parts if isinstance(part, Field)]
    requires: tuple[Requirement, ...] = ()
    if isinstance(values, ast.Tuple):
        fits = len(values.elts) == len(fields) and not any(field.name for field in fields)
        if not fits or any(isinstance(value, ast.Starred) for value in values.elts):
            return
    elif isinstance(values, ast.Dict):
        keys = [key.value for key in values.keys if isinstance(key, ast.Constant)]
        if len(set(keys)) != len(values.keys) or {field.name for field in fields} != set(keys):
            return
    elif len(fields) != 1 or fields[0].name:
        return
    elif isinstance(values, ast.Name):
        requires = (Requirement(values.id, "str"),)  # a tuple would be taken apart
    elif not _is_no_tuple(values):
        return
    elif isinstance(values, ast.Call) and isinstance(values.func, ast.Name):
        requires = (Requirement(values.func.id, "builtin"),)
    yield Hit(
        view.span(node),
        None,
        (("expression", view.span(node)), ("text", view.span(text)), ("values", view.span(values))),
        requires=requires,
    )


def _is_no_tuple(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _SURE
    return isinstance(node, (ast.Constant, ast.JoinedStr, ast.Compare, ast.List, ast.ListComp))
