"""Comments of a text: where they are, told from `#` in strings, without a tree and at little cost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Comments and strings as they follow each other. Possessive: what was read is never read in another way.
_TOKEN: Final = re.compile(
    r"(?P<comment>#[^\r\n]*)"
    r"|(?P<long>\"\"\"|''')(?:\\.|(?!(?P=long))[^\\])*+(?:(?P=long))?"
    r"|(?P<quote>[\"'])(?:\\(?:\r\n|.)|(?!(?P=quote))[^\\\r\n])*+(?P=quote)?",
    re.DOTALL,
)


class Comment(NamedTuple):
    """A comment: from its `#` to the end of the line; `alone` when nothing else stands on the line."""

    start: int
    end: int
    text: str
    alone: bool


def comments(text: str) -> Iterator[Comment]:
    """The comments of a text that begins at a line start, outside of any string."""
    for found in _TOKEN.finditer(text):
        if found["comment"] is not None:
            before = max(text.rfind("\n", 0, found.start()), text.rfind("\r", 0, found.start())) + 1
            alone = not text[before : found.start()].strip(" \t\x0c\ufeff")
            yield Comment(found.start(), found.end(), found[0], alone)
