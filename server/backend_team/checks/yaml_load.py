"""`yaml.load` without a safe loader: captures `function` and `rest` (from after the text to the parenthesis)."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, Requirement
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("load",)
_UNSAFE: Final = frozenset({"Loader", "UnsafeLoader", "FullLoader", "CLoader", "CFullLoader", "CUnsafeLoader"})

_LIMITED: Final = frozenset({"FullLoader", "CFullLoader"})


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find calls with no loader, or one that makes any object."""
    function = node.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name) or not node.args:
        return
    if function.value.id != "yaml" or len(node.args) > 2 or any(each.arg != "Loader" for each in node.keywords):
        return
    loaders = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    if len(loaders) > 1 or not all(isinstance(each, ast.Attribute) and each.attr in _UNSAFE for each in loaders):
        return
    span = view.span(function)
    rest = Span(view.end(node.args[0]), view.end(node) - 1)
    limited = any(isinstance(each, ast.Attribute) and each.attr in _LIMITED for each in loaders)
    message = "This loader makes more than plain data of the text" if limited else None
    yield Hit(span, message, (("function", span), ("rest", rest)), requires=(Requirement("yaml", "module yaml"),))
