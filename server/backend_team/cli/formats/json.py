"""`--format json`: an array with an object for each finding; lines and columns from 1, columns in code points."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from backend_team.cli.excerpts import shown
from backend_team.findings import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.cli.formats import Context
    from backend_team.findings import Finding
    from backend_team.library import Report


def render(reports: Iterable[Report], _: Context) -> Iterator[str]:
    """The array, an object a line."""
    before = "["
    for report in reports:
        for item in _items(report):
            yield f"{before}\n{json.dumps(item)}"
            before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _items(report: Report) -> Iterator[dict[str, Any]]:
    both: tuple[Finding | Problem, ...] = (*report.problems, *report.findings)
    for found in both:
        at = report.location(found)
        item: dict[str, Any] = {
            "path": shown(report.path),
            "line": at.line,
            "column": at.column,
            "end_line": at.end_line,
            "end_column": at.end_column,
        }
        if isinstance(found, Problem):
            yield item | {"severity": "error", "rule": found.kind, "message": found.message}
        else:
            said = {"severity": str(found.severity), "rule": found.rule, "message": found.message}
            yield item | said | {"fix": str(found.safety)} | _related(report, found)


def _related(report: Report, finding: Finding) -> dict[str, Any]:
    """Other places that the finding names; nothing where it names none."""
    places = [(message, report.place(span)) for message, span in finding.related]
    said = [
        {"line": at.line, "column": at.column, "end_line": at.end_line, "end_column": at.end_column, "message": message}
        for message, at in places
    ]
    return {"related": said} if said else {}
