"""`--format junit`: XML as CI servers read it; a suite for each file, a failed case for each finding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from backend_team.cli.excerpts import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.cli.formats import Context
    from backend_team.library import Report

# What XML 1.0 can't hold, not even escaped.
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(reports: Iterable[Report], _: Context) -> Iterator[str]:
    """The document; all of it ASCII, so that no encoding can spoil it."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="backend-team">\n'
    for report in reports:
        yield from _suite(report)
    yield "</testsuites>\n"


def _suite(report: Report) -> Iterator[str]:
    path = shown(report.path)
    errors, failures = len(report.problems), len(report.findings)
    tests = (errors + failures) or 1
    yield f'  <testsuite name={_attribute(path)} tests="{tests}" failures="{failures}" errors="{errors}" skipped="0">\n'
    for problem in report.problems:
        line = report.location(problem).line
        yield from _case(path, "error", problem.kind, problem.message, line, report.location(problem).column)
    for finding in report.findings:
        at = report.location(finding)
        yield from _case(path, "failure", finding.rule, finding.message, at.line, at.column)
    if not errors + failures:
        yield f'    <testcase classname={_attribute(path)} name="clean" time="0"/>\n'
    yield "  </testsuite>\n"


def _case(path: str, kind: str, name: str, message: str, line: int, column: int) -> Iterator[str]:
    title = _attribute(f"{name} {line}:{column}")
    yield f'    <testcase classname={_attribute(path)} name={title} file={_attribute(path)} line="{line}" time="0">\n'
    said = _text(f"{path}:{line}:{column}: {message}")
    yield f"      <{kind} type={_attribute(name)} message={_attribute(message)}>{said}</{kind}>\n    </testcase>\n"


def _attribute(text: str) -> str:
    return _ascii(quoteattr(_legal(text)))


def _text(text: str) -> str:
    return _ascii(escape(_legal(text)))


def _legal(text: str) -> str:
    return _FORBIDDEN.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def _ascii(text: str) -> str:
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")
