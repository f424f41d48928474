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

_MARKS: Final = ("u'", 'u"', "U'", 'U"')
_LIKELY: Final = re.compile(r"(?<!\w)[uU]['\"]")


def check_text(view: View) -> Iterator[Hit]:
    """Find texts with the prefix that only Python 2 needed."""
    if not any(map(view.text.__contains__, _MARKS)) or _LIKELY.search(view.text) is None:
        return
    for string in strings(view):
        if view.text[string.start] in "uU":
            yield Hit(string, None, (("prefix", Span(string.start, string.start + 1)),))
