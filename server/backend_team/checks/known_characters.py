"""A text of all the letters or digits, which `string` has by name: captures `text` and the name."""

from __future__ import annotations

import ast
import string
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = (ast.Constant,)
_NAMES: Final = {
    getattr(string, name): name
    for name in ("ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "hexdigits", "octdigits")
} | {string.punctuation: "punctuation", string.whitespace: "whitespace", string.printable: "printable"}


def check(node: ast.Constant, view: View) -> Iterator[Hit]:
    """Find the text exactly as `string` has it."""
    value = node.value
    if value.__class__ is str and value in _NAMES:
        name = _NAMES[str(value)]
        yield Hit(view.span(node), f"Say `string.{name}`", (("text", view.span(node)), (name, view.span(node))))
