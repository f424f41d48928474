"""Likely slips: exceptions joined by `or`, flags in the wrong place, what a call should say."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, replace_token, substitute
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


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


def is_none(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Ask for identity."""
    place = captures_of(finding.captures)["operator"]
    return [replace_token(code, place, "is" if code.of(place) == "==" else "is not")]


def truth_itself(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take what is compared as the truth value."""
    places = captures_of(finding.captures)
    template = "not $X" if "negated" in places else "$X"
    return [substitute(code, places["comparison"], template, places)]


def or_none(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say in the annotation that it may be None."""
    end = captures_of(finding.captures)["annotation"].end
    return [Edit(Span(end, end), " | None")]


def quoted_number(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Give the number as a text."""
    place = captures_of(finding.captures)["number"]
    return [Edit(place, f'"{code.of(place)}"')]


def lambda_to_function(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Define a function of that name."""
    places = captures_of(finding.captures)
    statement = places["statement"]
    made = code.node(places["lambda"], ast.Lambda)
    body = code.span(made.body)
    text = code.of(statement)
    if "\n" in text or "\r" in text or code.of(places["lambda"])[-1] == ")" != code.text[body.end - 1]:
        raise NoFix("the lambda stands on several lines, or in parentheses")
    arguments = code.text[places["lambda"].start + len("lambda") : body.start].rstrip("( \t").rstrip()
    if not arguments.endswith(":"):
        raise NoFix("its body could not be found")
    head = f"def {code.of(places['name'])}({arguments.removesuffix(':').strip()}):"
    value = code.text[body.start - (code.text[body.start - 1] == "(") : statement.end]
    end = code.line_end(statement.end)
    comment = code.text[statement.end : end].strip()
    if comment and not comment.startswith("#"):
        raise NoFix("other code stands in its line")
    head += f"  {comment}" if comment else ""
    indentation = code.indentation(statement.start)
    return [Edit(Span(statement.start, end), f"{head}{code.line_break}{indentation}    return {value}")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "is-none": is_none,
    "lambda-to-function": lambda_to_function,
    "name-flags": name_flags,
    "octal-permissions": octal_permissions,
    "or-none": or_none,
    "quoted-number": quoted_number,
    "safe-yaml-load": safe_yaml_load,
    "say-utf-8": say_utf_8,
    "truth-itself": truth_itself,
    "tuple-of-exceptions": tuple_of_exceptions,
}
