"""`--format github`: commands of GitHub Actions that annotate the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.cli.formats import within
from backend_team.cli.terminal import harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.cli.formats import Context
    from backend_team.findings import Finding, Problem
    from backend_team.library import Report

_LEVELS: Final = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}
_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(reports: Iterable[Report], context: Context) -> Iterator[str]:
    """A command a line for each finding and problem."""
    for report in reports:
        for problem in report.problems:
            yield _command("error", problem.kind, report, problem, context)
        for finding in report.findings:
            yield _command(_LEVELS[finding.severity], finding.rule, report, finding, context)


def _command(level: str, name: str, report: Report, found: Finding | Problem, context: Context) -> str:
    at = report.location(found)
    place: dict[str, object] = {"file": within(report.path, context.root) or report.path, "line": at.line}
    if at.end_line > at.line:
        place["endLine"] = at.end_line  # columns are for places within one line
    else:
        place |= {"endLine": at.end_line, "col": at.column, "endColumn": at.end_column}
    values = {"title": f"AI Backend Team ({name})", **place}
    properties = ",".join(f"{key}={harmless(str(value)).translate(_PROPERTY)}" for key, value in values.items())
    said = harmless(f"{name}: {found.message}").translate(_DATA)
    return f"::{level} {properties}::{said}\n"
