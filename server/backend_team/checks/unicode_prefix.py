"""`u"text"`: capture `prefix`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.tokens import strings
from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

SIGNS: Final = ("u'", 'u"')  # `U` is too rare to look for
_LIKELY: Final = re.compile(r"(?<!\w)u['\"]")


def check_text(view: View) -> Iterator[Hit]:
    """Find texts with the prefix that only Python 2 needed."""
    text = view.text
    if _LIKELY.search(text) is None:
        return
    for string in strings(view):
        if text[string.start] == "u":
            yield Hit(string, None, (("prefix", Span(string.start, string.start + 1)),))
