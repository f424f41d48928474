"""One question instead of several about the same: membership, beginnings, types; and `or` instead of a choice."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, spaced, substitute
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_BETWEEN: Final = re.compile(r"[\s\\]*\b(?:and|or)\b[\s\\]*")
_TEMPLATES: Final = {
    "in": "{0} in ({1})",
    "not-in": "{0} not in ({1})",
    "call": "{0}(({1}))",
    "not-call": "not {0}(({1}))",
    "isinstance": "isinstance({0}, ({1}))",
    "not-isinstance": "not isinstance({0}, ({1}))",
}


def ask_once(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Put the parts of a run into one question."""
    parts = [span for name, span in finding.captures if name == "part"]
    answers = list(dict.fromkeys(code.of(span) for name, span in finding.captures if name == "answer"))
    places = captures_of(finding.captures)
    for before, after in pairwise(parts):
        if not _BETWEEN.fullmatch(code.text[before.end : after.start]):
            raise NoFix("a comment or parentheses stand between the questions")
    how = next(name for name in _TEMPLATES if name in places)
    listed = ", ".join(answers) + ("," if len(answers) == 1 else "")
    text = _TEMPLATES[how].format(code.of(places["about"]), listed)
    return [spaced(code, Edit(Span(parts[0].start, parts[-1].end), text))]


def value_or(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `or`."""
    places = captures_of(finding.captures)
    return [substitute(code, places["target"], "$value or $otherwise", places)]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "ask-once": ask_once,
    "value-or": value_or,
}
