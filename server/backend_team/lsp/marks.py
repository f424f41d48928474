"""Marks: what is wrong in a file that is not Python, by line and column as its own parser counts them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from backend_team.lsp import convert, diagnostics
from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from backend_team.errors import BackendTeamError
    from backend_team.text import Encoding

INVALID_RULE: Final = "invalid-rule"
FAILING_EXAMPLE: Final = "failing-example"
INVALID_SETTINGS: Final = "invalid-settings"
Code = Literal["invalid-rule", "failing-example", "invalid-settings"]

# YAML ends lines where the protocol doesn't, TOML doesn't where the protocol does.
_ENDS: Final = {
    INVALID_RULE: re.compile("\r\n|[\n\r\x85\u2028\u2029]"),
    FAILING_EXAMPLE: re.compile("\r\n|[\n\r\x85\u2028\u2029]"),
    INVALID_SETTINGS: re.compile("\n"),
}


class Mark(NamedTuple):
    """Something wrong; line and column from 0, in code points; a length of 0 reaches to the end of the line."""

    code: Code
    message: str
    line: int = 0
    column: int = 0
    length: int = 0


def mark_of(code: Code, error: BackendTeamError, message: str | None = None) -> Mark:
    """An error as a mark; one without a place stands in the first line."""
    said = error.message if message is None else message
    text = f"{said}\n{error.hint}" if error.hint else said
    place = error.place
    if place is None:
        return Mark(code, text)
    about_all = place.text is None or (place.line, place.column, place.length) == (1, 1, 1)
    return Mark(code, text, place.line - 1, place.column - 1, 0 if about_all else place.length)


def items(text: str, marks: list[Mark], encoding: Encoding) -> list[convert.JSON]:
    """Marks as the protocol's diagnostics."""
    lines = LineIndex(text)
    starts = {mark.code: [0, *(end.end() for end in _ENDS[mark.code].finditer(text))] for mark in marks}
    return [_item(lines, starts[mark.code], mark, encoding) for mark in marks]


def _item(lines: LineIndex, starts: list[int], mark: Mark, encoding: Encoding) -> convert.JSON:
    begin = starts[min(mark.line, len(starts) - 1)]
    start = min(begin + mark.column, len(lines.text))
    row_end = lines.start(lines.line_of(start)) + len(lines.line_text(lines.line_of(start)).rstrip("\r\n"))
    start = min(start, row_end)
    end = min(start + mark.length, row_end) if mark.length else row_end
    return {
        "range": convert.range_of(lines, Span(start, max(start, end)), encoding),
        "severity": convert.SEVERITY["warning" if mark.code == FAILING_EXAMPLE else "error"],
        "code": mark.code,
        "source": diagnostics.SOURCE,
        "message": mark.message,
    }
