"""Syntax that the Python which runs us doesn't know yet, told by what a line looks like."""

from __future__ import annotations

import re
import sys
from typing import Final

_NAME: Final = r"[^\W\d]\w*"
_STRING: Final = r"(?<![\w])(?:[rR]?{0}|{0}[rR])(?P<quote>\"\"\"|'''|\"|')"
_F_STRING: Final = _STRING.format("[fF]")

# By version: what a line looks like, and what to call it. The newest come first, for they are the more special.
_SYNTAX: Final = (
    ((3, 15), re.compile(r"\s*lazy\s+(?:import|from)\s"), "a lazy import"),
    ((3, 14), re.compile(rf".*{_STRING.format('[tT]')}"), "a t-string"),
    (
        (3, 14),
        re.compile(r"\s*except\*?\s+[A-Z][\w.]*(?:\s*,\s*(?:\w+\.)*[A-Z]\w*)+\s*:"),
        "exceptions without parentheses",
    ),
    (
        (3, 13),
        re.compile(rf"\s*(?:type|class|(?:async\s+)?def)\s+{_NAME}\s*\[[^\]=]*{_NAME}[^\]=]*=(?!=)[^(]*\]"),
        "a default of a type parameter",
    ),
    ((3, 12), re.compile(rf"\s*type\s+{_NAME}\s*(?:\[.*\]\s*)?=(?!=)"), "a type alias"),
    ((3, 12), re.compile(rf"\s*(?:class|(?:async\s+)?def)\s+{_NAME}\s*\["), "type parameters"),
    (  # the quotes of the string again within its braces
        (3, 12),
        re.compile(
            rf".*{_F_STRING}(?:(?!(?P=quote)).)*?\{{(?:(?!(?P=quote))[^{{}}])*"
            r"(?:(?P=quote)(?:(?!(?P=quote)).)*){2}\}.*(?P=quote)"
        ),
        "quotes within an f-string",
    ),
    (  # a line end within its braces
        (3, 12),
        re.compile(rf".*{_F_STRING}[^'\"{{}}]*\{{[^'\"{{}}]*(?:\r\n|\n|\r)[^'\"{{}}]*\}}[^'\"{{}}]*(?P=quote)"),
        "a line end within an f-string",
    ),
)
_SAID: Final = (
    ((3, 12), "f-string expression part cannot include a backslash", "a backslash within an f-string"),
    ((3, 12), "f-string expression part cannot include '#'", "a comment within an f-string"),
)
_LONGEST: Final = 1000  # characters of a line that are looked at


def newer_syntax(message: str, lines: str, version: tuple[int, int] = sys.version_info[:2]) -> str | None:
    """What to say of an error when the line that has it, given with the next, needs a newer Python than `version`."""
    text = lines[:_LONGEST]
    found = [(needed, what) for needed, said, what in _SAID if message.startswith(said)]
    found += [(needed, what) for needed, pattern, what in _SYNTAX if pattern.match(text)]
    for needed, what in found:
        if needed > version:
            wanted, runs = (f"{major}.{minor}" for major, minor in (needed, version))
            return f"{what} needs Python {wanted} or newer; this runs on Python {runs}"
    return None
