"""A number that `math` knows better: captures `number` and `pi`, `e` or `tau`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Constant,)
_KNOWN: Final = {"3.14": ("pi", "3.141592653589793"), "2.71": ("e", "2.718281828459045")}
_KNOWN_TWICE: Final = {"6.28": ("tau", "6.283185307179586")}


def check(node: ast.Constant, view: View) -> Iterator[Hit]:
    """Find beginnings of pi, e and tau with two decimals or more; the last may be rounded."""
    value = node.value
    if value.__class__ is not float:
        return
    text = repr(value)
    name, digits = (_KNOWN | _KNOWN_TWICE).get(text[:4], ("", ""))
    if name and (digits.startswith(text) or repr(round(float(digits), len(text) - 2)) == text):
        captures = (("number", view.span(node)), (name, view.span(node)))
        yield Hit(view.span(node), f"Say `math.{name}`", captures)
