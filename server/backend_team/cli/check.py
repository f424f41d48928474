"""`backend-team check`: findings of files."""

from __future__ import annotations

import json
import sys
from collections import Counter
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend_team.cli.chosen import chosen
from backend_team.cli.excerpts import Printer, counted, shown
from backend_team.errors import FileError
from backend_team.findings import Safety
from backend_team.text import Source
from backend_team.workspace.files import read
from backend_team.workspace.scan import scan

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    from backend_team.cli.chosen import Chosen
    from backend_team.findings import Finding, ModuleReport
    from backend_team.workspace.git import Changed


def run(options: argparse.Namespace) -> int:
    """Check files; 1 when something was found."""
    if options.fix:
        from backend_team.cli.fix import fix

        fix(chosen(options), Safety.SAFE, diff=False, jobs=options.jobs)
    work = chosen(options)
    changed = None if options.changed is None else _changed(work, options.changed or "HEAD")
    files = sorted(path for path in work.files() if changed is None or path.resolve() in changed)
    with _progress(len(files)) as advance:
        reports = []
        for report in scan(files, work.rules, work.settings, jobs=options.jobs):
            advance()
            if changed is not None:
                report = _only(report, changed[Path(report.path).resolve()])
            if report.findings or report.problems:
                reports.append(report)
    reports.sort(key=lambda report: report.path)
    if options.format == "json":
        print(json.dumps([item for report in reports for item in _items(report)], indent=1))
    elif options.statistics:
        _statistics(reports)
    else:
        _text(reports)
    if options.format == "text":
        _summary(reports, len(files))
    return int(bool(reports))


def _changed(work: Chosen, revision: str) -> Changed:
    from backend_team.workspace.git import changed_lines

    first = work.paths[0].absolute()
    return changed_lines(first if first.is_dir() else first.parent, revision)


def _only(report: ModuleReport, lines: list[range] | None) -> ModuleReport:
    """The report with the findings that touch the lines; None stands for all of them. Problems stay."""
    if lines is None or not report.findings:
        return report
    index = _source(report).lines

    def touches(finding: Finding) -> bool:
        first, last = index.line_of(finding.span.start), index.line_of(finding.span.end)
        return any(one.start <= last and first < one.stop for one in lines)

    return replace(report, findings=tuple(filter(touches, report.findings)))


def _source(report: ModuleReport) -> Source:
    try:
        return read(Path(report.path))
    except FileError:
        return Source(report.path, "")


def _text(reports: Iterable[ModuleReport]) -> None:
    printer = Printer()
    for report in reports:
        source = _source(report)
        for problem in report.problems:
            line, column = source.lines.position(problem.span.start, "utf-32")
            printer.place(report.path, line + 1, column + 1, "error", problem.kind, problem.message)
        for finding in report.findings:
            line, column = source.lines.position(finding.span.start, "utf-32")
            printer.place(report.path, line + 1, column + 1, finding.severity, finding.rule, finding.message)
            printer.excerpt(source, finding.span)


def _statistics(reports: Iterable[ModuleReport]) -> None:
    rules = Counter(finding.rule for report in reports for finding in report.findings)
    for rule, count in rules.most_common():
        print(f"{count:7,}  {rule}")


def _summary(reports: list[ModuleReport], files: int) -> None:
    findings = [finding for report in reports for finding in report.findings]
    problems = sum(len(report.problems) for report in reports)
    if not reports:
        print(f"{counted(files, 'file')}, nothing found." if files else "No Python files here.")
        return
    safe = sum(finding.safety is Safety.SAFE for finding in findings)
    text = f"\n{counted(len(findings), 'finding')} in {counted(len(reports), 'file')} of {files:,}"
    if problems:
        text += f", {counted(problems, 'problem')}"
    print(f"{text}; {safe:,} can be fixed safely: backend-team fix" if safe else f"{text}.")


def _items(report: ModuleReport) -> Iterator[dict[str, Any]]:
    """JSON of a report: lines and columns from 1, columns in code points."""
    lines = _source(report).lines
    for problem in report.problems:
        line, column = lines.position(problem.span.start, "utf-32")
        yield {
            "path": shown(report.path),
            "line": line + 1,
            "column": column + 1,
            "severity": "error",
            "rule": problem.kind,
            "message": problem.message,
        }
    for finding in report.findings:
        line, column = lines.position(finding.span.start, "utf-32")
        end_line, end_column = lines.position(finding.span.end, "utf-32")
        yield {
            "path": shown(report.path),
            "line": line + 1,
            "column": column + 1,
            "end_line": end_line + 1,
            "end_column": end_column + 1,
            "severity": str(finding.severity),
            "rule": finding.rule,
            "message": finding.message,
            "fix": str(finding.safety),
        }


def _progress(total: int) -> AbstractContextManager[Any]:
    """A bar on stderr when it is a terminal and the work is long; something that counts nothing otherwise."""
    if total < 200 or not sys.stderr.isatty():
        return nullcontext(lambda: None)
    from backend_team.cli.progress import bar

    return bar(total, "Checking")
