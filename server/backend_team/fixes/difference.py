"""The small edits between two texts that are mostly the same."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from backend_team.text import Edit, LineIndex, Span, apply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN: Final = re.compile(r"\r\n|\w+|.", re.DOTALL)


def difference(before: str, after: str) -> tuple[Edit, ...]:
    """Edits that turn the first text into the second; never inside a word or a line end."""
    old, new = _lines(before), _lines(after)
    head, tail = _common_ends(old, new)
    found: list[Edit] = []
    matcher = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    starts = LineIndex(before).starts
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            start = starts[head + a] if head + a < len(starts) else len(before)
            found += _trimmed(start, old[head + a : head + b], new[head + c : head + d])
    return tuple(found)


def minimal(before: str, lines: LineIndex, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The difference that edits, sorted and disjoint, make to the text of these lines; looks at those they touch."""
    found: list[Edit] = []
    group: list[Edit] = []
    begin = end = below = 0  # `below` is the line that follows; the last line of a text may have no end
    for edit in [*edits, None]:
        if group and (edit is None or lines.line_of(edit.span.start) >= below):
            inside = [Edit(each.span.shifted(-begin), each.text) for each in group]
            old = before[begin:end]
            found += [Edit(each.span.shifted(begin), each.text) for each in difference(old, apply(old, inside))]
            group = []
        if edit is not None:
            if not group:
                begin = lines.start(lines.line_of(edit.span.start))
            below = lines.line_of(edit.span.end) + 1
            end = lines.start(below) if below < len(lines) else len(before)
            group.append(edit)
    return tuple(found)


def inverse(before: str, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The edits that lead back from the text that sorted, disjoint edits made of the one before."""
    found = []
    by = 0
    for (start, end), text in ((edit.span, edit.text) for edit in edits):
        found.append(Edit(Span(start + by, start + by + len(text)), before[start:end]))
        by += len(text) - (end - start)
    return tuple(found)


class Trace:
    """Edits that followed one another, as edits of the first text."""

    def __init__(self, before: str) -> None:
        self._before = before
        self._pieces: list[Span | str] = [Span(0, len(before))]  # what stayed, and what came

    def follow(self, edits: Sequence[Edit]) -> None:
        """Follow edits, sorted and disjoint, of the text as it is by then."""
        made: list[Span | str] = []
        pieces = iter(self._pieces)
        piece: Span | str = Span(0, 0)
        at = 0  # in the text, where the rest of the piece begins

        def forward(to: int | None, keep: bool) -> None:
            nonlocal piece, at
            while to is None or at < to:
                size = len(piece) if isinstance(piece, str) else piece.end - piece.start
                taken = size if to is None else min(size, to - at)
                if taken and keep:
                    made.append(piece[:taken] if isinstance(piece, str) else Span(piece.start, piece.start + taken))
                at += taken
                if taken < size:
                    piece = piece[taken:] if isinstance(piece, str) else Span(piece.start + taken, piece.end)
                    return
                following = next(pieces, None)
                if following is None:
                    piece = Span(0, 0)
                    return
                piece = following

        for edit in edits:
            forward(edit.span.start, keep=True)
            forward(edit.span.end, keep=False)
            if edit.text:
                made.append(edit.text)
        forward(None, keep=True)
        self._pieces = made

    def edits(self) -> tuple[Edit, ...]:
        """All edits so far, minimal."""
        found: list[Edit] = []
        at, came = 0, ""
        for piece in [*self._pieces, Span(len(self._before), len(self._before))]:
            if isinstance(piece, str):
                came += piece
                continue
            if came or piece.start > at:
                found.append(Edit(Span(at, piece.start), came))
            at, came = piece.end, ""
        return minimal(self._before, LineIndex(self._before), found)


def _lines(text: str) -> list[str]:
    return [text[start:end] for start, end in pairwise([*LineIndex(text).starts, len(text)])]


def _trimmed(start: int, old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """The edits of one place: line by line when their number is the same, what they share at the ends left out."""
    if len(old) == len(new) and len(old) > 1:
        for line, changed in zip(old, new, strict=True):
            yield from _trimmed(start, [line], [changed])
            start += len(line)
        return
    left, right = _TOKEN.findall("".join(old)), _TOKEN.findall("".join(new))
    head, tail = _common_ends(left, right)
    edit = Edit(
        Span(start + sum(map(len, left[:head])), start + sum(map(len, left[: len(left) - tail]))),
        "".join(right[head : len(right) - tail]),
    )
    if edit.text or edit.span.start < edit.span.end:
        yield edit


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    shorter = min(len(old), len(new))
    head = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    tail = next((n for n in range(shorter - head) if old[-1 - n] != new[-1 - n]), shorter - head)
    return head, tail
