"""`str("a")`, `int(0)`, `str()`: captures `call`, `name` (of the type) and `argument` where there is one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("str", "bytes", "int", "float", "bool")
_TYPES: Final = {"str": str, "bytes": bytes, "int": int, "float": float, "bool": bool}


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls of a type with nothing, or with a literal of this very type."""
    name = node.func
    if not isinstance(name, ast.Name) or node.keywords or len(node.args) > 1:
        return
    captures = [("call", view.span(node)), ("name", view.span(name))]
    if node.args:
        argument = node.args[0]
        if isinstance(argument, ast.JoinedStr):
            if name.id != "str":
                return
        elif not isinstance(argument, ast.Constant) or type(argument.value) is not _TYPES[name.id]:
            return
        captures.append(("argument", view.span(argument)))
    yield Hit(view.span(node), None, tuple(captures), requires=builtin(name.id))
