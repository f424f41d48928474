"""Text: sources, spans, edits, and the only conversions between code points, UTF-8 bytes and UTF-16 units.

Offsets are code points everywhere else. `ast` counts UTF-8 bytes in a line, editors count UTF-16 units unless another
encoding was negotiated. A line ends with `\\n`, `\\r\\n` or a lone `\\r`: the same three for Python's tokenizer and for
the protocol (`str.splitlines` splits on more and is never used here).
"""

from __future__ import annotations

import re
import weakref
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")
_CHUNK = 128  # lines
_FEW_LINES = 512  # are indexed anew at once


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
    """Line starts of a text; lines and columns count from 0.

    The index of an edited text is made from the one before: it is kept in chunks of lines that count from their own
    start, of which an edit renews a few.
    """

    __slots__ = ("_ascii", "_chunks", "_firsts", "_offsets", "_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()
        self._starts: list[int] | None = _line_starts(text)
        self._chunks: list[list[int]] = []
        self._firsts: list[int] = []  # the first line of each chunk, and the number of lines
        self._offsets: list[int] = []  # where each chunk begins, and the length of the text

    @property
    def starts(self) -> list[int]:
        """Where each line begins."""
        if self._starts is None:
            chunks = zip(self._offsets, self._chunks, strict=False)
            self._starts = [offset + start for offset, chunk in chunks for start in chunk]
        return self._starts

    def __len__(self) -> int:
        """The number of lines."""
        return len(self._starts) if self._starts is not None else self._firsts[-1]

    def edited(self, edits: Sequence[Edit], text: str) -> LineIndex:
        """The index of the text that the edits lead to, all counted in the text of this one."""
        if len(self) <= _FEW_LINES or not edits:
            return LineIndex(text)
        self._cut()
        begin = min(edit.span.start for edit in edits)
        end = max(edit.span.end for edit in edits)
        # A line end of two characters may come or go at the borders: the characters beside them are looked at, too.
        first = min(bisect_right(self._offsets, max(begin - 1, 0)), len(self._chunks)) - 1
        last = min(bisect_right(self._offsets, end + 1), len(self._chunks))
        start, by = self._offsets[first], len(text) - len(self.text)
        found = [0, *(match.end() for match in _LINE_END.finditer(text[start : self._offsets[last] + by]))]
        if last < len(self._chunks):
            found.pop()  # the start of the next chunk
        parts = _parts(found)
        index = LineIndex.__new__(LineIndex)
        index.text = text
        index._ascii = text.isascii()
        index._starts = None
        index._chunks = [*self._chunks[:first], *map(_from_its_start, parts), *self._chunks[last:]]
        index._firsts = list(accumulate(map(len, index._chunks), initial=0))
        offsets = self._offsets
        moved = [start + part[0] for part in parts] + [offset + by for offset in offsets[last:]]
        index._offsets = [*offsets[:first], *moved]
        return index

    def _cut(self) -> None:
        """Cut into chunks, once."""
        if not self._chunks:
            parts = _parts(self.starts)
            self._chunks = [*map(_from_its_start, parts)]
            self._firsts = list(accumulate(map(len, parts), initial=0))
            self._offsets = [*(part[0] for part in parts), len(self.text)]

    def start(self, line: int) -> int:
        """Where a line begins."""
        if self._starts is not None:
            return self._starts[line]
        chunk = bisect_right(self._firsts, line) - 1
        return self._offsets[chunk] + self._chunks[chunk][line - self._firsts[chunk]]

    def line_of(self, offset: int) -> int:
        """The line that holds the offset."""
        if self._starts is not None:
            return bisect_right(self._starts, offset) - 1
        chunk = min(bisect_right(self._offsets, offset), len(self._chunks)) - 1
        return self._firsts[chunk] + bisect_right(self._chunks[chunk], offset - self._offsets[chunk]) - 1

    def line_text(self, line: int) -> str:
        """The text of a line, its line end included."""
        end = self.start(line + 1) if line + 1 < len(self) else len(self.text)
        return self.text[self.start(line) : end]

    def from_utf8(self, line: int, column: int) -> int:
        """The offset of a column in UTF-8 bytes, as `ast` counts it (`line` from 0)."""
        start = self.start(line)
        if self._ascii:
            return start + column
        row = self.line_text(line)
        if row.isascii():
            return start + column
        return start + len(row.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))

    def position(self, offset: int, encoding: Encoding = "utf-16") -> tuple[int, int]:
        """Line and column of an offset, the column in units of the encoding."""
        line = self.line_of(offset)
        start = self.start(line)
        if self._ascii or encoding == "utf-32":
            return line, offset - start
        return line, units(self.text[start:offset], encoding)

    def offset(self, line: int, column: int, encoding: Encoding = "utf-16") -> int:
        """The offset of a position; what lies outside the line or the text is clamped to it."""
        if line < 0:
            return 0
        if line >= len(self):
            return len(self.text)
        row = self.line_text(line).rstrip("\r\n")
        start = self.start(line)
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


def _parts(starts: list[int]) -> list[list[int]]:
    """Line starts in parts of about a chunk; what is less than two stays one."""
    if len(starts) < 2 * _CHUNK:
        return [starts]
    return [starts[number : number + _CHUNK] for number in range(0, len(starts), _CHUNK)]


def _from_its_start(part: list[int]) -> list[int]:
    first = part[0]
    return [start - first for start in part]


def _line_starts(text: str) -> list[int]:
    rows = text.splitlines(keepends=True)
    whole = not text or text.endswith("\n")
    if len(rows) != text.count("\n") + (not whole) or text.endswith("\r"):  # it was split at something else, too
        return [0, *(match.end() for match in _LINE_END.finditer(text))]
    starts = [0, *accumulate(map(len, rows))]
    if not whole:
        starts.pop()
    return starts


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
        source = Source(self.path, apply(self.text, edits), version, self.encoding)
        source.__dict__["_made_of"] = weakref.ref(self), tuple(edits)
        if "lines" in self.__dict__:
            source.__dict__["lines"] = self.lines.edited(edits, source.text)
        return source

    def is_edited(self, before: Source, edits: Sequence[Edit]) -> bool:
        """Whether the edits, counted in the text of `before`, lead to this text; quick when `edited` made it."""
        origin, made = self.__dict__.get("_made_of", (None, None))
        if origin is not None and origin() is before and made == tuple(edits):
            return True
        if any(not 0 <= edit.span.start <= edit.span.end <= len(before.text) for edit in edits):
            return False
        try:
            return apply(before.text, edits) == self.text
        except ValueError:
            return False

    def __reduce__(self) -> tuple[type[Source], tuple[str, str, int | None, str]]:
        """Travels to another process without what was worked out of it."""
        return Source, (self.path, self.text, self.version, self.encoding)


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
