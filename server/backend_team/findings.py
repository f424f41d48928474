"""What analysis says: findings, fixes with their proof, and the report of a module. Plain data, no syntax trees."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from backend_team.text import Edit, Span

UNJUDGED: Final = frozenset({"file", "fault"})  # kinds of problems that say nothing of the text: it was not judged


class Severity(StrEnum):
    """How loud a finding is; the names of the protocol."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    HINT = "hint"


class Safety(StrEnum):
    """What may be done with a fix: applied in bulk, offered one by one, or there is none."""

    SAFE = "safe"
    REVIEW = "review"
    NONE = "none"


class Tag(StrEnum):
    """How an editor draws a finding besides its squiggle."""

    UNNECESSARY = "unnecessary"
    DEPRECATED = "deprecated"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is offended.

    `captures` names parts of the place for the fix: metavariables of the pattern (`KEY`, `BODY`) or names a check
    chose; `related` are other places worth a look, each with what is there. Their spans count from where `span` counts
    from.
    """

    rule: str
    span: Span
    message: str
    severity: Severity
    safety: Safety = Safety.NONE
    captures: tuple[tuple[str, Span], ...] = ()
    tags: tuple[Tag, ...] = ()
    related: tuple[tuple[str, Span], ...] = ()

    def shifted(self, by: int) -> Finding:
        """The same finding, `by` code points further."""
        if not by:
            return self
        return Finding(
            self.rule,
            self.span.shifted(by),
            self.message,
            self.severity,
            self.safety,
            tuple([(name, span.shifted(by)) for name, span in self.captures]),
            self.tags,
            self.related and tuple([(message, span.shifted(by)) for message, span in self.related]),
        )


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that end a finding; edits are sorted and disjoint.

    `proved` says, a sentence each, what was shown: that the result parses, that every comment is kept, that the
    finding is gone and no other of its rule came.
    """

    rule: str
    title: str
    edits: tuple[Edit, ...]
    safety: Safety
    proved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """A fix that could not be shown right, and why."""

    rule: str
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Trouble of a file, as data: syntax errors, unreadable files, faults of our own."""

    message: str
    span: Span
    kind: str = "syntax"


@dataclass(frozen=True, slots=True)
class ModuleReport:
    """All that is known of one module; findings sorted by place."""

    path: str
    version: int | None
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] = ()
    lines: int = field(default=0, compare=False)  # line ends, of a text that was analysed as a whole
