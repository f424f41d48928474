"""Characters that hide what the code says: capture `character`."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View

# https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters, the zero-width space, and control characters.
SIGNS: Final = tuple("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\x08\x1a\x1b")
_HIDDEN: Final = re.compile(f"[{''.join(SIGNS)}]")


def check_text(view: View) -> Iterator[Hit]:
    """Find them anywhere: in texts, comments and code."""
    for found in _HIDDEN.finditer(view.text):
        span = Span(found.start(), found.end())
        name = unicodedata.name(found[0], f"U+{ord(found[0]):04X}")
        yield Hit(span, f"A character that cannot be seen: {name}", (("character", span),))
