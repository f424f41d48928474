"""Suppressions: take away what one of our own comments names in vain."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings

_LISTED: Final = re.compile(r"(\[\s*)([^\]]*?)(\s*\])")


def shorten_suppression(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Remove the ids named in vain; the comment with them when none is left, and its line when it stands alone."""
    place = captures_of(finding.captures)["comment"]
    unused = {span.start for name, span in finding.captures if name == "unused"}
    listed = _LISTED.search(code.text, place.start, place.end)
    if listed is None:
        raise NoFix("the comment could not be read")
    start = listed.start(2)
    names = [(start + each.start(), each[0]) for each in re.finditer(r"[\w-]+", listed[2])]
    kept = [name for at, name in names if at not in unused]
    if kept:
        edit = Edit(Span(*listed.span()), listed[1] + ", ".join(kept) + listed[3])
        code.change_comment(edit.span, edit.text)
        return [edit]
    return [_removal(code, place)]


def _removal(code: Code, place: Span) -> Edit:
    """Remove the comment: with the space up to the comment behind it, with its line, or with the space before it."""
    line = code.source.lines.line_of(place.start)
    begin = code.source.lines.starts[line]
    row = code.source.lines.line_text(line)
    behind = row[place.end - begin :]
    if behind.strip():
        span = Span(place.start, place.end + len(behind) - len(behind.lstrip()))
        code.change_comment(span, "")
        return Edit(span, "")
    code.change_comment(place, "")
    before = row[: place.start - begin].rstrip(" \t\x0c")
    if before.strip("\ufeff"):
        return Edit(Span(begin + len(before), begin + len(row.rstrip("\r\n"))), "")
    return Edit(Span(begin + len(before), begin + len(row)), "")


REWRITES: Final[Mapping[str, Rewrite]] = {"shorten-suppression": shorten_suppression}
