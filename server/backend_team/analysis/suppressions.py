"""Suppressions: `# backend-team: ignore[rule] reason`, `# noqa`, `# noqa: CODE`, each for the line it stands on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backend_team.rules.model import Rule
    from backend_team.text import LineIndex

_COMMENT: Final = re.compile(
    r"#\s*(?:backend-team:\s*ignore\[(?P<rules>[\w\s,-]+)\]"
    r"|(?i:noqa)(?P<codes>\s*:\s*[A-Za-z]+[0-9]+(?:[,\s]+[A-Za-z]+[0-9]+)*)?(?!\w|\s*:))"
)
_SEPARATOR: Final = re.compile(r"[,\s]+")


def suppressions(text: str, lines: LineIndex) -> dict[int, frozenset[str] | None]:
    """By line, from 0: the ids and codes that are ignored there; None ignores everything."""
    found: dict[int, frozenset[str] | None] = {}
    for match in _COMMENT.finditer(text):
        line = lines.line_of(match.start())
        named = match["rules"] or match["codes"]
        names = None if named is None else frozenset(filter(None, _SEPARATOR.split(named.lstrip(" \t:"))))
        before = found.get(line, frozenset())
        found[line] = None if names is None or before is None else before | {name.lower() for name in names}
    return found


def names_of(rule: Rule) -> frozenset[str]:
    """What a suppression can call the rule: its id, and the codes other tools have for it."""
    return frozenset({rule.id, *(name.partition(":")[2].lower() for name in rule.equivalents)})


def is_suppressed(found: Mapping[int, frozenset[str] | None], names: frozenset[str], lines: Iterable[int]) -> bool:
    """Whether one of the lines ignores one of the names."""
    for line in lines:
        if line in found:
            ignored = found[line]
            if ignored is None or not names.isdisjoint(ignored):
                return True
    return False
