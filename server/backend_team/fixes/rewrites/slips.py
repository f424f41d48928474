"""Likely slips: exceptions joined by `or`, flags in the wrong place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.settings import Settings

    Rewrite = Callable[[Code, Finding, Settings], list[Edit]]


def tuple_of_exceptions(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Make a tuple of the exceptions."""
    place = captures_of(finding.captures)["exception"]
    items = [code.of(span) for name, span in finding.captures if name == "item"]
    if "#" in code.of(place):
        raise NoFix("a comment stands between the exceptions")
    text = ", ".join(items)
    before, after = code.text[place.start - 1], code.text[place.end]
    return [Edit(place, text if (before, after) == ("(", ")") else f"({text})")]


def name_flags(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Give the flags by their name."""
    start = captures_of(finding.captures)["flags"].start
    if code.text[:start].rstrip()[-1:] != ",":
        raise NoFix("the flags stand in parentheses")
    return [Edit(Span(start, start), "flags=")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "name-flags": name_flags,
    "tuple-of-exceptions": tuple_of_exceptions,
}
