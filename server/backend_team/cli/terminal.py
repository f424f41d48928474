"""What the terminal can show: colours, progress, and texts without characters that would command it."""

from __future__ import annotations

import os
import sys
import time
from typing import IO, TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_Item = TypeVar("_Item")

_PATIENCE: Final = 0.7  # seconds of silence before progress is shown
_EVERY: Final = 0.1  # seconds between two looks of it

# C0 and C1 characters command a terminal, the others turn the direction of the text: neither belongs in what we print.
_HARMFUL: Final = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"},
    0x7F: 0x2421,
    **dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD),
}


def coloured(stream: IO[str]) -> bool:
    """Whether to write colours: on a terminal, or when `FORCE_COLOR` is set; never when `NO_COLOR` is."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def harmless(text: str) -> str:
    """The text as it can be shown: what would command the terminal is replaced by a picture of it."""
    return text if text.isascii() and text.isprintable() else text.translate(_HARMFUL)


def with_progress(items: Iterable[_Item], total: int, doing: str, speaks: Callable[[_Item], bool]) -> Iterator[_Item]:
    """The items, counted on stderr when that is a terminal and the work takes a while.

    `speaks` tells whether an item leads to something printed: the line is taken away before.
    """
    if not sys.stderr.isatty() or total < 2:
        yield from items
        return
    due = time.monotonic() + _PATIENCE
    shown = False
    try:
        for number, item in enumerate(items, 1):
            if shown and speaks(item):
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
                shown = False
            yield item
            if time.monotonic() >= due:
                sys.stderr.write(f"\r{doing} {number:,} of {total:,} files\x1b[K")
                sys.stderr.flush()
                shown = True
                due = time.monotonic() + _EVERY
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
