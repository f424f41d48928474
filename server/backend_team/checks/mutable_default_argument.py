"""Defaults that all calls share: captures `argument` (its name), `default`, `function`, `body` (of the function)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import FUNCTIONS, Hit, Requirement, builtin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import FunctionNode, View

NODES: Final = FUNCTIONS
SHAPES: Final = {kind: {"?defaults": (True,)} for kind in (ast.FunctionDef, ast.AsyncFunctionDef)}
_DISPLAYS: Final = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_CALLS: Final = frozenset({"list", "dict", "set", "bytearray"})


def check(node: FunctionNode, view: View) -> Iterator[Hit]:
    """Find defaults that can be changed."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(positional[len(positional) - len(arguments.defaults) :], arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        if isinstance(default, _DISPLAYS):
            relied: tuple[Requirement, ...] = ()
        elif isinstance(default, ast.Call) and isinstance(default.func, ast.Name) and default.func.id in _CALLS:
            relied = builtin(default.func.id)
        else:
            continue
        start = view.start(argument)
        yield Hit(
            view.span(default),
            f"The default of `{argument.arg}` is made once and shared by all calls",
            (
                ("argument", Span(start, start + len(argument.arg))),
                ("default", view.span(default)),
                ("function", view.whole(node)),
                ("body", view.over(node.body)),
            ),
            requires=relied,
            anchor=view.start(node),
        )
