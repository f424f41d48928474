"""Where things are after edits."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.findings import Finding, Withheld
    from backend_team.text import Edit


class Moved:
    """Says where what was found in the text before some edits, sorted and disjoint, is in the text after."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._starts = [edit.span.start for edit in edits]
        self._ends = [edit.span.end for edit in edits]
        self._grown = [0, *accumulate(len(edit.text) - (edit.span.end - edit.span.start) for edit in edits)]

    def finding(self, finding: Finding) -> Finding | None:
        """The finding; None when an edit touches it."""
        start, end = finding.span
        before = bisect_right(self._ends, start)
        if before < len(self._starts) and self._starts[before] < end:
            return None
        return replace(
            finding,
            span=finding.span.shifted(self._grown[before]),
            captures=tuple((name, self._place(span)) for name, span in finding.captures),
            related=tuple((message, self._place(span)) for message, span in finding.related),
        )

    def withheld(self, withheld: Withheld) -> Withheld:
        """What was withheld."""
        return replace(withheld, span=withheld.span.shifted(self._grown[bisect_right(self._ends, withheld.span.start)]))

    def _place(self, span: Span) -> Span:
        """A place of a finding: it grows with the edits inside it."""
        before, inside = bisect_right(self._ends, span.start), bisect_right(self._ends, span.end)
        return Span(span.start + self._grown[before], span.end + self._grown[max(before, inside)])
