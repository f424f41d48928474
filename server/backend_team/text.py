"""Text: sources, spans, edits, and the only conversions between code points, UTF-8 bytes and UTF-16 units.

Offsets are code points everywhere else. `ast` counts UTF-8 bytes in a line, editors count UTF-16 units unless another
encoding was negotiated. A line ends with `\\n`, `\\r\\n` or a lone `\\r`: the same three for Python's tokenizer and for
the protocol (`str.splitlines` splits on more and is never used here).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")


class Span(NamedTuple):
    """Code points of a text, half open."""

    start: int
    end: int

    def shifted(self, by: int) -> Span:
        """The same span, `by` code points further."""
        return Span(self.start + by, self.end + by)

    def touches(self, other: Span) -> bool:
        """Whether the two share a code point or a border."""
        return self.start <= other.end and other.start <= self.end

    def contains(self, other: Span) -> bool:
        """Whether the other lies within this one."""
        return self.start <= other.start and other.end <= self.end


class Edit(NamedTuple):
    """Replace a span by a text."""

    span: Span
    text: str


class LineIndex:
    """Line starts of a text; lines and columns count from 0."""

    __slots__ = ("_ascii", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._ascii = text.isascii()

    def line_of(self, offset: int) -> int:
        """The line that holds the offset."""
        return bisect_right(self.starts, offset) - 1

    def line_text(self, line: int) -> str:
        """The text of a line, its line end included."""
        end = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[line] : end]

    def from_utf8(self, line: int, column: int) -> int:
        """The offset of a column in UTF-8 bytes, as `ast` counts it (`line` from 0)."""
        start = self.starts[line]
        if self._ascii:
            return start + column
        row = self.line_text(line)
        if row.isascii():
            return start + column
        return start + len(row.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))

    def position(self, offset: int, encoding: Encoding = "utf-16") -> tuple[int, int]:
        """Line and column of an offset, the column in units of the encoding."""
        line = self.line_of(offset)
        start = self.starts[line]
        if self._ascii or encoding == "utf-32":
            return line, offset - start
        return line, units(self.text[start:offset], encoding)

    def offset(self, line: int, column: int, encoding: Encoding = "utf-16") -> int:
        """The offset of a position; what lies outside the line or the text is clamped to it."""
        if line < 0:
            return 0
        if line >= len(self.starts):
            return len(self.text)
        row = self.line_text(line).rstrip("\r\n")
        start = self.starts[line]
        if encoding == "utf-32" or row.isascii():
            return start + min(max(column, 0), len(row))
        count = 0
        for index, char in enumerate(row):
            if count >= column:
                return start + index
            count += units(char, encoding)
            if count > column:  # inside a character: its start
                return start + index
        return start + len(row)


def units(text: str, encoding: Encoding) -> int:
    """The length of a text in units of an encoding."""
    if text.isascii() or encoding == "utf-32":
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(char > "\uffff" for char in text)


@dataclass(frozen=True)
class Source:
    """A Python text with where it is from; version None means: as it is on disk."""

    path: str
    text: str
    version: int | None = None
    encoding: str = field(default="utf-8", compare=False)

    @cached_property
    def lines(self) -> LineIndex:
        """The line index, made once."""
        return LineIndex(self.text)

    def edited(self, edits: Sequence[Edit], version: int | None = None) -> Source:
        """The source with edits applied, all counted in the text before."""
        return Source(self.path, apply(self.text, edits), version, self.encoding)


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits applied, all counted in the text before.

    Raises `ValueError` when two edits overlap.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.span):  # insertions at one place keep their order
        if edit.span.start < done:
            raise ValueError("edits overlap")
        parts += text[done : edit.span.start], edit.text
        done = edit.span.end
    parts.append(text[done:])
    return "".join(parts)
