"""`--changed[=REV]`: only what was changed since a revision."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backend_team.workspace import git

if TYPE_CHECKING:
    from backend_team.cli.chosen import Chosen
    from backend_team.findings import Finding
    from backend_team.library import Report


def changed_lines(work: Chosen, revision: str) -> git.Changed:
    """The lines that were changed in the repository of what is worked on; without a revision, what is not committed."""
    first = work.paths[0].absolute()
    return git.changed_lines(first if first.is_dir() else first.parent, revision or "HEAD")


def only(report: Report, lines: list[range] | None) -> Report:
    """The report with the findings that touch the lines; None stands for all of them. Problems stay."""
    if lines is None or not report.findings:
        return report
    index = report.source.lines

    def touches(finding: Finding) -> bool:
        first, last = index.line_of(finding.span.start), index.line_of(finding.span.end)
        return any(one.start <= last and first < one.stop for one in lines)

    return replace(report, findings=tuple(filter(touches, report.findings)))
