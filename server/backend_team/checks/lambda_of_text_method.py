"""A lambda that calls one method of texts: captures `lambda` and `method`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Lambda,)
_METHODS: Final = frozenset(
    {"capitalize", "casefold", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower"}
    | {"isnumeric", "isprintable", "isspace", "istitle", "isupper", "lower", "lstrip", "rsplit", "rstrip", "split"}
    | {"splitlines", "strip", "swapcase", "title", "upper"}
)


def check(node: ast.Lambda, view: View) -> Iterator[Hit]:
    """Find `lambda text: text.lower()`."""
    call, arguments = node.body, node.args
    if not isinstance(call, ast.Call) or call.args or call.keywords or len(arguments.args) != 1:
        return
    if arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg or arguments.defaults:
        return
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in _METHODS:
        return
    if isinstance(function.value, ast.Name) and function.value.id == arguments.args[0].arg:
        end = view.end(function)
        captures = (("lambda", view.span(node)), ("method", Span(end - len(function.attr), end)))
        yield Hit(view.span(node), f"Say `str.{function.attr}`", captures, requires=builtin("str"))
