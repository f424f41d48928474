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
_PLAIN: Final = (ast.Constant, ast.JoinedStr, ast.Compare, ast.List, ast.ListComp)
_VALUES: Final = (ast.Tuple, ast.Dict, ast.Name, ast.Call, *_PLAIN)
_SURE: Final = frozenset({"str", "repr", "len", "int", "float", "ascii", "hex"})
SHAPES: Final = {ast.BinOp: {"left": (ast.Constant,), "op": (ast.Mod,)}}


def check(node: ast.BinOp, view: View) -> Iterator[Hit]:
    """Find texts, written down, that are filled by `%` with as many values as they have places."""
    text, values = node.left, node.right
    if not isinstance(node.op, ast.Mod) or not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return
    if isinstance(values, ast.Tuple) and text.value.count("%") < len(values.elts):
        return
    if not isinstance(values, _VALUES):
        return
    parts = percents(text.value, raw=True)
    if parts is None:
        return
    requires = _fitting(values, [part.name for part in parts if isinstance(part, Field)])
    if requires is not None:
        yield Hit(
            view.span(node),
            None,
            (("expression", view.span(node)), ("text", view.span(text)), ("values", view.span(values))),
            requires=requires,
        )


def _fitting(values: ast.expr, names: list[str]) -> tuple[Requirement, ...] | None:
    """What it relies on that there is a value for each place; None when there is not, or that can't be told."""
    if isinstance(values, ast.Tuple):
        starred = any(isinstance(value, ast.Starred) for value in values.elts)
        return () if len(values.elts) == len(names) and not any(names) and not starred else None
    if isinstance(values, ast.Dict):
        keys = [key.value for key in values.keys if isinstance(key, ast.Constant)]
        return () if len(set(keys)) == len(values.keys) and set(names) == set(keys) else None
    if len(names) != 1 or names[0]:
        return None
    if isinstance(values, ast.Name):
        return (Requirement(values.id, "str"),)  # a tuple would be taken apart
    if isinstance(values, ast.Call) and isinstance(values.func, ast.Name) and values.func.id in _SURE:
        return (Requirement(values.func.id, "builtin"),)
    return () if isinstance(values, _PLAIN) else None
