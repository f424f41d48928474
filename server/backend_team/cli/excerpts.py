"""Words for places and numbers, and the line a finding is about with a marker below it."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.cli.terminal import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backend_team.text import Source, Span

_TAB: Final = "    "
_WIDEST: Final = 160  # characters; of a longer line the part around the place is shown
_BEFORE: Final = 60  # of them, before the place


def excerpt(source: Source, span: Span, marked: Callable[[str], str] = str) -> Iterator[str]:
    """The line of a place, of a long one only the part around it, and the marker; `marked` paints the marker."""
    number, column = source.lines.position(span.start, "utf-32")
    row = source.lines.line_text(number).rstrip("\r\n")
    first = max(0, column - _BEFORE) if len(row) > _WIDEST else 0
    last = first + _WIDEST
    end = min(last, column + max(1, span.end - span.start))
    head, body, tail = _shown(row[first:column]), _shown(row[column:end]), _shown(row[end:last])
    if first:
        head = f"…{head}"
    if last < len(row):
        tail += "…"
    yield f"{number + 1:6d} | {head}{body}{tail}\n"
    yield f"       | {' ' * _width(head)}{marked('^' * max(1, _width(body)))}\n"


def _shown(text: str) -> str:
    return harmless(text.replace("\t", _TAB))


def _width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in {"W", "F"}) for char in text
    )


def shown(path: str) -> str:
    """The path as short as it is understood from here."""
    try:
        return str(Path(path).absolute().relative_to(Path.cwd()))
    except ValueError:
        return path


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
