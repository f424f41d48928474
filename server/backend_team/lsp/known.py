"""Known findings: those the baseline of a folder knows are not shown, as `backend-team check` does not show them."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Self

from backend_team.lsp.rendered import Rendered
from backend_team.workspace.baseline import line_digest

if TYPE_CHECKING:
    from backend_team.findings import Finding, ModuleReport
    from backend_team.text import Source
    from backend_team.workspace.baseline import Baseline
    from backend_team.workspace.documents import Document

SHORT: Final = 30_000  # characters that are compared as a whole at every change: some 5 ms

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Known:
    """What a baseline knows of a text: in a large one, later versions are compared by their lines alone."""

    baseline: Baseline
    lines: Counter[tuple[str, str]]
    number: int = field(default_factory=_numbers.__next__, compare=False)  # another for each

    @classmethod
    def of(cls, baseline: Baseline, report: ModuleReport, source: Source) -> Self:
        """Compare a whole text; takes as long as it is large."""
        known = baseline.compare(report, source).known
        return cls(baseline, Counter(_line(source, finding) for finding in known))

    def new(self, report: ModuleReport, source: Source) -> tuple[Finding, ...]:
        """The findings whose lines are not known."""
        left = self.lines.copy()
        found = []
        for finding in report.findings:
            line = _line(source, finding)
            if left[line] > 0:
                left[line] -= 1
            else:
                found.append(finding)
        return tuple(found)


class View:
    """What is shown of one open document."""

    def __init__(self) -> None:
        self.number = next(_numbers)  # another for each, of the same document opened again too
        self.known: Known | None = None
        self.rendered = Rendered()
        self._last: tuple[ModuleReport, Known | None, ModuleReport] | None = None

    def report(self, document: Document, baseline: Baseline | None) -> ModuleReport:
        """The report without what is known."""
        report, source = document.report, document.source
        if baseline is None or not report.findings:
            return report
        stale = self.known is None or self.known.baseline is not baseline
        if not stale and self._last is not None and self._last[0] is report and self._last[1] is self.known:
            return self._last[2]
        if self.known is None or stale or len(source.text) <= SHORT:
            self.known = Known.of(baseline, report, source)
        shown = replace(report, findings=self.known.new(report, source))
        self._last = (report, self.known, shown)
        return shown


def _line(source: Source, finding: Finding) -> tuple[str, str]:
    lines = source.lines
    number = lines.line_of(min(finding.span.start, len(source.text)))
    return finding.rule, line_digest(lines.line_text(number))
