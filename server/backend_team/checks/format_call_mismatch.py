"""Calls of `format` on a text that don't fit it: capture `format`."""

from __future__ import annotations

import ast
import re
from string import Formatter
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_team.checks.view import View

CALLS: Final = ("format",)
_FIRST: Final = re.compile(r"[^.\[]*")


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find places without a value, values without a place, and formats that can't be read."""
    function = node.func
    if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Constant):
        return
    text = function.value.value
    if not isinstance(text, str):
        return
    fault = _fault(text, node)
    if fault is not None:
        span = view.span(function.value)
        yield Hit(span, fault, (("format", span),))


def _fault(text: str, node: ast.Call) -> str | None:
    try:
        fields = _fields(text)
    except ValueError as error:
        return f"The format can't be read: {error}"
    bare = [field for field in fields if not field]
    numbered = [int(field) for field in fields if field.isdecimal()]
    if bare and numbered:
        return "The format mixes `{}` with numbered places"
    if any(isinstance(argument, ast.Starred) for argument in node.args) or any(
        keyword.arg is None for keyword in node.keywords
    ):
        return None
    return _missing(fields, bare, numbered, node)


def _missing(fields: list[str], bare: Sequence[str], numbered: list[int], node: ast.Call) -> str | None:
    """Which place has no value, or which value has no place."""
    names = {field for field in fields if field and not field.isdecimal()}
    given = {str(keyword.arg) for keyword in node.keywords}
    wanted = len(bare) if bare else max(numbered, default=-1) + 1
    if wanted > len(node.args):
        return f"The format has {wanted} places for {len(node.args)} values"
    missing = min(names - given, default=None)
    if missing is not None:
        return f"There is no value for `{{{missing}}}`"
    if len(node.args) > wanted or (numbered and len({*numbered}) < len(node.args)):
        return "The format has no place for one of the values"
    spare = min(given - names, default=None)
    return None if spare is None else f"The format has no place for `{spare}`"


def _fields(text: str) -> list[str]:
    """The names of the places, empty for `{}`; those of nested places, too. Raises `ValueError`."""
    found: list[str] = []
    for _, field, specification, _ in Formatter().parse(text):
        if field is not None:
            first = _FIRST.match(field)
            found.append(first[0] if first else "")
            if specification:
                found += _fields(specification)
    return found
