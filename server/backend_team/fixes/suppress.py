"""Suppress a finding: the comment that silences it, put only where a comment can stand."""

from __future__ import annotations

import tokenize
from typing import TYPE_CHECKING, Final

from backend_team.findings import Withheld
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from backend_team.findings import Finding
    from backend_team.text import LineIndex, Source

MARK: Final = "# backend-team: ignore"


def suppress(source: Source, finding: Finding) -> tuple[Edit, ...] | Withheld:
    """A comment at the end of the finding's first line, or of its last where the first has no place for one.

    A comment of ours that is there grows.
    """
    lines = source.lines
    ends = _line_ends(lines)
    for line in dict.fromkeys((lines.line_of(finding.span.start), lines.line_of(finding.span.end))):
        if line not in ends:
            continue
        start = lines.starts[line]
        text = lines.line_text(line).rstrip("\r\n")
        there = text.find(f"{MARK}[", ends[line])
        if there >= 0 and (close := text.find("]", there)) >= 0:
            return (Edit(Span(start + close, start + close), f", {finding.rule}"),)
        return (Edit(Span(start + len(text.rstrip()), start + len(text)), f"  {MARK}[{finding.rule}]"),)
    return Withheld(finding.rule, finding.span, "its line goes on, so that no comment can stand at the end")


def _line_ends(lines: LineIndex) -> dict[int, int]:
    """By line, from 0: the column where its comment begins, or where it ends without one.

    Lines that end within a string or with a backslash have no place for a comment and are left out.
    """
    found: dict[int, int] = {}
    each = (lines.line_text(number).rstrip("\r\n") + "\n" for number in range(len(lines.starts)))
    try:
        for token in tokenize.generate_tokens(lambda: next(each, "")):
            if token.type in (tokenize.COMMENT, tokenize.NEWLINE, tokenize.NL):
                found.setdefault(token.start[0] - 1, token.start[1])
    except (tokenize.TokenError, SyntaxError):
        return found  # as far as the text can be read
    return found
