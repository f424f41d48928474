"""Likely slips: exceptions joined by `or`, flags in the wrong place, what a call should say."""

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


def say_utf_8(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Open the file as UTF-8."""
    places = captures_of(finding.captures)
    end = places["last"].end
    while code.text[end] == ")" and end + 1 < places["call"].end:  # parentheses around the argument
        end += 1
    return [Edit(Span(end, end), ', encoding="utf-8"')]


def safe_yaml_load(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Load plain data only."""
    places = captures_of(finding.captures)
    rest = code.of(places["rest"])
    edits = [Edit(places["function"], code.of(places["function"]).removesuffix("load") + "safe_load")]
    return [*edits, Edit(places["rest"], "")] if rest.strip() else edits


def octal_permissions(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Write the number as an octal one."""
    start = captures_of(finding.captures)["mode"].start
    return [Edit(Span(start, start), "0o")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "name-flags": name_flags,
    "octal-permissions": octal_permissions,
    "safe-yaml-load": safe_yaml_load,
    "say-utf-8": say_utf_8,
    "tuple-of-exceptions": tuple_of_exceptions,
}
