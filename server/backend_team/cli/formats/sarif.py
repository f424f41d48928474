"""`--format sarif`: SARIF 2.1.0, as GitHub code scanning and editors read it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from backend_team.cli.formats import within
from backend_team.rules.pages import page, page_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.cli.formats import Context
    from backend_team.library import Report
    from backend_team.rules.model import Rule
    from backend_team.text import Span

JSON = dict[str, Any]

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT: Final = "backendTeam/v1"
_BASE: Final = "%SRCROOT%"
_LEVELS: Final = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}
_GITHUB: Final = {"error": "error", "warning": "warning", "note": "recommendation"}
# A syntax error is a result as well: people look for it among the results.
_SYNTAX: Final = "syntax"


def render(reports: Iterable[Report], context: Context) -> Iterator[str]:
    """One run. Its results come before the tool that found them: by then it is known which rules are named."""
    used: dict[str, int] = {}
    trouble: list[JSON] = []
    yield f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"columnKind": "utf16CodeUnits",\n'
    yield f'"originalUriBaseIds": {json.dumps({_BASE: {"uri": f"{context.root.as_uri()}/"}})},\n"results": ['
    separator = "\n"
    for report in reports:
        for result in _results(report, context, used, trouble):
            yield f"{separator}{json.dumps(result)}"
            separator = ",\n"
    invocation = {"executionSuccessful": not trouble, "toolExecutionNotifications": trouble}
    yield f'],\n"invocations": [{json.dumps(invocation)}],\n"tool": {json.dumps(_tool(used, context))}}}]}}\n'


def _results(report: Report, context: Context, used: dict[str, int], trouble: list[JSON]) -> Iterator[JSON]:
    if not report.findings and not report.problems:
        return
    for problem in report.problems:
        said = {
            "level": "error",
            "message": {"text": problem.message},
            "locations": [_place(report, problem.span, context)],
        }
        if problem.kind == _SYNTAX:
            yield {"ruleId": _SYNTAX, "ruleIndex": used.setdefault(_SYNTAX, len(used)), **said}
        else:
            trouble.append(said)
    for finding, key in zip(report.findings, context.keys(report), strict=True):
        result: JSON = {
            "ruleId": finding.rule,
            "ruleIndex": used.setdefault(finding.rule, len(used)),
            "level": _LEVELS[finding.severity],
            "message": {"text": finding.message},
            "locations": [_place(report, finding.span, context)],
            "partialFingerprints": {FINGERPRINT: key},
        }
        if finding.related:
            result["relatedLocations"] = [
                {"id": number, "message": {"text": message}, **_place(report, span, context)}
                for number, (message, span) in enumerate(finding.related, 1)
            ]
        yield result


def _place(report: Report, span: Span, context: Context) -> JSON:
    at = report.place(span, "utf-16")
    inside = within(report.path, context.root)
    if inside is None:
        artifact: JSON = {"uri": Path(report.path).absolute().as_uri()}
    else:
        artifact = {"uri": quote(os.fsencode(inside)), "uriBaseId": _BASE}
    region = {"startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _tool(used: Iterable[str], context: Context) -> JSON:
    from backend_team import __version__

    described = [
        _described(context.rules.by_id[name]) if name in context.rules.by_id else _other(name) for name in used
    ]
    return {"driver": {"name": "AI Backend Team", "semanticVersion": __version__, "rules": described}}


def _described(rule: Rule) -> JSON:
    level = _LEVELS[rule.severity]
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.why, "markdown": page(rule)},
        "helpUri": page_url(rule),
        "defaultConfiguration": {"level": level},
        "properties": {"tags": [rule.category], "problem.severity": _GITHUB[level], "precision": "very-high"},
    }


def _other(name: str) -> JSON:
    text = "The file does not parse."
    return {"id": name, "shortDescription": {"text": text}, "help": {"text": text}}
