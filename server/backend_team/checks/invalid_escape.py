r"""`"\d"`: backslashes that begin no escape; capture `string`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.tokens import strings
from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

SIGNS: Final = ("\\",)
_LIKELY: Final = re.compile(r"\\[^\r\n\\'\"abfnrtvx0-7]")
ESCAPE: Final = re.compile(r"\\(\r\n|.)", re.DOTALL)
_KNOWN: Final = frozenset("\n\r\\'\"abfnrtvx01234567")


def is_known(escape: re.Match[str], binary: bool) -> bool:
    """Whether an escape is one of Python's."""
    char = escape[1]
    if char in "NuU" and not binary:
        return char != "N" or escape.string[escape.end() : escape.end() + 1] == "{"
    return char[0] in _KNOWN


def check_text(view: View) -> Iterator[Hit]:
    """Find such backslashes in texts and bytes that are not raw; f-strings are left to people."""
    if _LIKELY.search(view.text) is None:
        return
    for string in strings(view):
        text = view.of(string)
        prefix = text[: min(text.find("'") % (len(text) + 1), text.find('"') % (len(text) + 1))].lower()
        if "\\" not in text or "r" in prefix or "f" in prefix:
            continue
        for found in ESCAPE.finditer(text):
            if not is_known(found, "b" in prefix):
                place = Span(string.start + found.start(), string.start + found.end())
                yield Hit(place, f"`{found[0]}` is no escape: the backslash stays", (("string", string),))
                break
