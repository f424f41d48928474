"""`--changed[=REV]`: only what was changed since a revision."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backend_team.workspace import git

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.cli.chosen import Chosen
    from backend_team.findings import Finding
    from backend_team.library import Report


def changed_lines(work: Chosen, revision: str) -> git.Changed:
    """The lines that were changed in the repositories of the paths; without a revision, what is not committed."""
    found: git.Changed = {}
    for folder in dict.fromkeys(_repository(path.absolute()) for path in work.paths):
        found |= git.changed_lines(folder, revision or "HEAD")
    return found


def _repository(path: Path) -> Path:
    """The top of the repository around a path; where there is none, its folder."""
    folder = path if path.is_dir() else path.parent
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


def only(report: Report, lines: list[range] | None) -> Report:
    """The report with the findings that touch the lines; None stands for all of them. Problems stay."""
    if lines is None or not report.findings:
        return report
    index = report.source.lines

    def touches(finding: Finding) -> bool:
        first, last = index.line_of(finding.span.start), index.line_of(finding.span.end)
        return any(one.start <= last and first < one.stop for one in lines)

    return replace(report, findings=tuple(filter(touches, report.findings)))
