"""Findings and problems as the protocol's diagnostics: plain JSON, since typed objects would cost milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.lsp import convert
from backend_team.rules.pages import page_url

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.findings import Finding, ModuleReport, Problem
    from backend_team.lsp.capabilities import Capabilities
    from backend_team.rules.model import RuleSet
    from backend_team.text import Encoding, LineIndex, Source

METHOD: Final = "textDocument/publishDiagnostics"
SOURCE: Final = "backend-team"
SYNTAX_ERROR: Final = "syntax-error"


_pages: dict[Path, str] = {}  # the address of a rule's page, by its file


def items(source: Source, report: ModuleReport, client: Capabilities, rules: RuleSet, uri: str) -> list[convert.JSON]:
    """The diagnostics of a module."""
    lines = source.lines
    found = [finding_item(lines, finding, client, rules, uri) for finding in report.findings]
    found += [problem_item(lines, problem, client.encoding) for problem in report.problems]
    return found


def finding_item(lines: LineIndex, finding: Finding, client: Capabilities, rules: RuleSet, uri: str) -> convert.JSON:
    """The diagnostic of a finding; `data` is for clients that show it, we never trust it back."""
    encoding = client.encoding
    item: convert.JSON = {
        "range": convert.range_of(lines, finding.span, encoding),
        "severity": convert.SEVERITY[finding.severity],
        "code": finding.rule,
        "source": SOURCE,
        "message": finding.message,
        "data": {"rule": finding.rule, "safety": str(finding.safety)},
    }
    rule = rules.by_id.get(finding.rule)
    if rule is not None:
        page = _pages.get(rule.path)
        if page is None:
            page = _pages[rule.path] = page_url(rule)
        item["codeDescription"] = {"href": page}
    if finding.tags and (tags := [convert.TAG[tag] for tag in finding.tags if convert.TAG[tag] in client.tags]):
        item["tags"] = tags
    if finding.related and client.shows_related:
        item["relatedInformation"] = [
            {"location": {"uri": uri, "range": convert.range_of(lines, span, encoding)}, "message": message}
            for message, span in finding.related
        ]
    return item


def problem_item(lines: LineIndex, problem: Problem, encoding: Encoding) -> convert.JSON:
    """The diagnostic of a problem."""
    return {
        "range": convert.range_of(lines, problem.span, encoding),
        "severity": convert.SEVERITY["error" if problem.kind == "syntax" else "warning"],
        "code": SYNTAX_ERROR if problem.kind == "syntax" else problem.kind,
        "source": SOURCE,
        "message": problem.message,
    }
