"""The small edits between two texts that are mostly the same."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from backend_team.text import Edit, LineIndex, Span

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
