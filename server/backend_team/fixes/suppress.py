"""Suppress a finding: the comment that silences it, put only where a comment can stand."""

from __future__ import annotations

import re
import tokenize
from typing import TYPE_CHECKING, Final

from backend_team.findings import Withheld
from backend_team.fixes.code import parse
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from backend_team.findings import Finding
    from backend_team.text import LineIndex, Source

MARK: Final = "# backend-team: ignore"
FILE_MARK: Final = "# backend-team: ignore-file"
PLACE: Final = "why"  # stands where a person is to write the reason
_CODING: Final = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


def suppress(source: Source, finding: Finding, reason: str = "") -> tuple[Edit, ...] | Withheld:
    """A comment at the end of the finding's first line, or of its last where the first has no place for one.

    A comment of ours that is there grows; of two reasons both are kept.
    """
    said = _said(reason)
    lines = source.lines
    ends = _line_ends(lines)
    for line in dict.fromkeys((lines.line_of(finding.span.start), lines.line_of(finding.span.end))):
        if line not in ends:
            continue
        start = lines.starts[line]
        text = lines.line_text(line).rstrip("\r\n")
        there = text.find(f"{MARK}[", ends[line])
        if there >= 0 and (close := text.find("]", there)) >= 0:
            return _grown(text, start, close, finding.rule, said)
        return (Edit(Span(start + len(text.rstrip()), start + len(text)), f"  {MARK}[{finding.rule}]{said}"),)
    return Withheld(finding.rule, finding.span, "its line goes on, so that no comment can stand at the end")


def suppress_in_file(source: Source, finding: Finding, reason: str = "") -> tuple[Edit, ...] | Withheld:
    """A comment at the head of the file that silences the rule of the finding in all of it; one that is there grows."""
    try:
        body = parse(source.text).body
    except SyntaxError as error:
        return Withheld(finding.rule, finding.span, f"the file does not parse: {error.msg}")
    said = _said(reason)
    lines = source.lines
    first = body[0].lineno - 1 if body else len(lines.starts)
    line = 0
    for number in range(min(first, len(lines.starts))):
        text = lines.line_text(number)
        there = text.find(f"{FILE_MARK}[")
        if there >= 0 and (close := text.find("]", there)) >= 0:
            return _grown(text.rstrip("\r\n"), lines.starts[number], close, finding.rule, said)
        if text.lstrip("\ufeff").startswith("#!") or _CODING.match(text):  # they must stay on their lines
            line = number + 1
    if line >= len(lines.starts):
        return Withheld(finding.rule, finding.span, "there is no line for the comment")
    start = max(lines.starts[line], 1 if line == 0 and source.text.startswith("\ufeff") else 0)
    return (Edit(Span(start, start), f"{FILE_MARK}[{finding.rule}]{said}{_line_break(source.text)}"),)


def _said(reason: str) -> str:
    """The reason as it stands behind the brackets: in one line, and without the sign of another comment."""
    words = " ".join(reason.replace("#", " ").split())
    return f" {words}" if words else ""


def _grown(line: str, start: int, close: int, rule: str, said: str) -> tuple[Edit, ...]:
    """One more rule in the brackets that close at a column of a line, and its reason behind them."""
    named = Edit(Span(start + close, start + close), f", {rule}")
    comment = line[close + 1 :].partition("#")[0].rstrip()
    if not said or said.strip() in comment or (comment and said.strip() == PLACE):
        return (named,)
    end = start + close + 1 + len(comment)
    return named, Edit(Span(end, end), f";{said}" if comment else said)


def _line_break(text: str) -> str:
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


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
