"""The report of a module: what its blocks found, where they now are, and what only the whole module can tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backend_team.analysis.suppressions import is_suppressed
from backend_team.findings import ModuleReport, Problem
from backend_team.text import LineIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.analysis.blocks import Block
    from backend_team.analysis.table import Table
    from backend_team.checks.view import Requirement
    from backend_team.findings import Finding
    from backend_team.text import Source

_WORD: Final = re.compile(r"[^\W\d]\w*")
_UNKNOWN: Final = object()

# The findings of a block at the place where it was last seen.
Placed = dict["Block", "tuple[int, tuple[Finding, ...]]"]


def report(source: Source, blocks: Sequence[Block], table: Table, before: Placed) -> tuple[ModuleReport, Placed]:
    """Merge blocks into the report; findings of blocks that have not moved are taken from `before`."""
    names = _Names(blocks)
    placed: Placed = {}
    findings: list[Finding] = []
    problems: list[Problem] = []
    base = 0
    for block in blocks:
        known = before.get(block)
        if known is not None and known[0] == base:
            own = known[1]
        else:
            own = tuple(candidate.finding.shifted(base) for candidate in block.analysis.candidates)
        placed[block] = (base, own)
        for finding, candidate in zip(own, block.analysis.candidates, strict=True):
            if not candidate.requires or all(map(names.meets, candidate.requires)):
                findings.append(finding)
        if block.error is not None:
            problems.append(Problem(block.error[0], block.error[1].shifted(base)))
        problems += [Problem(message, span.shifted(base), "fault") for message, span in block.analysis.faults]
        base += len(block.text)
    _module_checks(source, blocks, table, names, findings, problems)
    findings.sort(key=_place)
    return ModuleReport(source.path, source.version, tuple(findings), tuple(problems)), placed


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.span.start, finding.span.end, finding.rule


class _Names:
    """What the module binds and reads."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.bound: dict[str, object] = {}
        self.used: set[str] = set()
        for block in blocks:
            facts = block.analysis.facts
            for name, kind in facts.bound.items():
                if self.bound.setdefault(name, kind) != kind:
                    self.bound[name] = None
            self.used |= facts.used
            self.used |= facts.exported
            if block.error is not None:  # what is being typed may already use a name
                self.used.update(_WORD.findall(block.text))

    def meets(self, requirement: Requirement) -> bool:
        if "*" in self.bound:  # `from x import *` may bind any name
            return False
        if requirement.kind == "builtin":
            return requirement.name not in self.bound
        bound = self.bound.get(requirement.name, _UNKNOWN)
        if bound is _UNKNOWN:  # a module is used before its import is written
            return requirement.kind == f"module {requirement.name}"
        return bound == requirement.kind


def _module_checks(
    source: Source,
    blocks: Sequence[Block],
    table: Table,
    names: _Names,
    findings: list[Finding],
    problems: list[Problem],
) -> None:
    base = 0
    for block in blocks:
        facts = block.analysis.facts
        if facts.imports:
            for entry, check in table.modules:
                try:
                    for name, hit in check(facts.imports, names.used, source.path):
                        if facts.suppressions:
                            lines = LineIndex(block.text)
                            places = map(lines.line_of, (name.span.start, name.statement.start))
                            if is_suppressed(facts.suppressions, entry.names, places):
                                continue
                        findings.append(entry.finding(hit).shifted(base))
                except Exception as error:  # a rule that fails must not take the others along
                    message = f'the rule "{entry.rule.id}" failed: {type(error).__name__}: {error}'
                    problems.append(Problem(message, facts.imports[0].span.shifted(base), "fault"))
        base += len(block.text)
