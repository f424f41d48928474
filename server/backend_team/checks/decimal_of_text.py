"""A `Decimal` of a text that is a whole number, or of float("inf"): captures `argument`, and `text` for the latter."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit, builtin, origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

CALLS: Final = ("Decimal",)
_DECIMAL: Final = {"decimal": ("Decimal",)}
_WHOLE: Final = re.compile(r"\s*(?:[+-]?0*[1-9]\d*|\+?0+)\s*", re.ASCII)
_SPECIAL: Final = re.compile(r"[+-]?(?:inf|infinity|nan)", re.IGNORECASE)
_MOST: Final = 30  # digits: more are easier read as they are


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find `Decimal("1")` and `Decimal(float("inf"))`."""
    if len(node.args) != 1 or node.keywords:
        return
    found = origin(node.func, _DECIMAL)
    if found is None:
        return
    argument = node.args[0]
    requires = (found[2],)
    if isinstance(argument, ast.Constant):
        if isinstance(argument.value, str) and len(argument.value) < _MOST and _WHOLE.fullmatch(argument.value):
            captures = (("argument", view.span(argument)),)
            yield Hit(view.span(argument), "Give Decimal() the number", captures, requires=requires)
    elif isinstance(argument, ast.Call) and isinstance(argument.func, ast.Name) and argument.func.id == "float":
        text = argument.args[0] if len(argument.args) == 1 and not argument.keywords else None
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and _SPECIAL.fullmatch(text.value):
            both = (("argument", view.span(argument)), ("text", view.span(text)))
            yield Hit(view.span(argument), "Give Decimal() the text", both, requires=(*requires, *builtin("float")))
