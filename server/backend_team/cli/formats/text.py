"""`--format text`: for people; a line for each finding, and the line of the file it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.cli.excerpts import excerpt, shown
from backend_team.cli.terminal import harmless
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.cli.formats import Context
    from backend_team.library import Report

_COLOURS: Final = {"error": "31", "warning": "33", "information": "36", "hint": "34"}
_FIXES: Final = {Safety.SAFE: "  (safe fix)", Safety.REVIEW: "  (fix to review)", Safety.NONE: ""}
_BOLD, _FAINT, _RED = "1", "2", "31"


def render(reports: Iterable[Report], context: Context) -> Iterator[str]:
    """Findings and problems of all reports."""

    def painted(text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if context.colour and text else text

    for report in reports:
        name = harmless(shown(report.path)).replace("\n", "␊") if report.findings or report.problems else ""
        for problem in report.problems:
            at = report.location(problem)
            where = painted(f"{name}:{at.line}:{at.column}:", _BOLD)
            yield f"{where} {painted('error', _RED)} {painted(problem.kind, _FAINT)}  {harmless(problem.message)}\n"
        for finding in report.findings:
            at = report.location(finding)
            severity = str(finding.severity)
            yield (
                f"{painted(f'{name}:{at.line}:{at.column}:', _BOLD)} {painted(severity, _COLOURS[severity])}"
                f" {painted(finding.rule, _FAINT)}  {harmless(finding.message)}"
                f"{painted(_FIXES[finding.safety], _FAINT)}\n"
            )
            yield from excerpt(report.source, finding.span, lambda marker: painted(marker, _RED))
