"""`"text".encode("utf-8")`: captures `call`, `text` and, where only the codec is needless, `codec`."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

NODES: Final = ()
CALLS: Final = ("encode",)
_OF_TEXTS: Final = re.compile(r"\\[uUN]")  # escapes that bytes don't know
_UTF_8: Final = frozenset({"utf8", "u8", "utf", "utf8ucs2", "utf8ucs4", "cp65001"})
_SINGLE_BYTES: Final = {"ascii": 128, "usascii": 128, "latin1": 256, "iso88591": 256}


def check(node: ast.Call, view: View) -> Iterator[Hit]:
    """Find texts, written down, that are encoded as UTF-8 or could as well be written as bytes."""
    if not isinstance(node.func, ast.Attribute):
        return
    text = node.func.value
    if not isinstance(text, (ast.Constant, ast.JoinedStr)):
        return
    given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "encoding")]
    if len(given) != len(node.args) + len(node.keywords) or len(given) > 1:
        return
    codec = "utf8"
    if given:
        said = given[0]
        if not isinstance(said, ast.Constant) or not isinstance(said.value, str):
            return
        codec = said.value.lower().replace("-", "").replace("_", "").replace(" ", "")
    places = [("call", view.span(node)), ("text", view.span(text))]
    if isinstance(text, ast.Constant):
        if not isinstance(text.value, str):
            return
        limit = 128 if codec in _UTF_8 else _SINGLE_BYTES.get(codec, 0)
        written = view.of(places[1][1])
        if max(text.value, default=" ") < chr(limit) and written.isascii() and not _OF_TEXTS.search(written):
            yield Hit(places[0][1], None, tuple(places))
            return
    if given and codec in _UTF_8:
        yield Hit(places[0][1], "UTF-8 is what encode() takes anyway", (*places, ("codec", view.span(given[0]))))
