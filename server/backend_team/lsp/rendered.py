"""Diagnostics of open documents as JSON, block by block: what an edit does not touch is not written again.

A large file has hundreds of findings, and a keystroke moves most of them; making their JSON anew would take longer
than all the rest. Blocks are whole lines, so only the lines of what stands below an edit change.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from backend_team.findings import Problem
from backend_team.lsp import convert, diagnostics
from backend_team.text import LineIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.analysis.blocks import Block
    from backend_team.analysis.module import Module
    from backend_team.analysis.report import Judged
    from backend_team.findings import Finding
    from backend_team.rules.model import RuleSet
    from backend_team.text import Encoding


class _Item(NamedTuple):
    """One diagnostic: lines count from the start of the block; the rest is JSON that stays."""

    first: int
    middle: str
    last: int
    rest: str

    def at(self, line: int) -> str:
        return f'{{"range":{{"start":{{"line":{self.first + line}{self.middle}{self.last + line}{self.rest}'


class _Text(NamedTuple):
    """The JSON of a block's findings where it was when it was last written."""

    judged: Judged
    line: int
    items: list[_Item]
    text: str


class Rendered:
    """What was written of one document."""

    def __init__(self) -> None:
        self._texts: dict[Block, _Text] = {}
        self._written_for: tuple[RuleSet, Encoding] | None = None

    def items(self, module: Module, encoding: Encoding, rules: RuleSet) -> str:
        """The diagnostics of a module as they are now, JSON without the brackets of the list."""
        if self._written_for != (rules, encoding):
            self._texts, self._written_for = {}, (rules, encoding)
        lines = module.source.lines
        before, self._texts = self._texts, {}
        found: list[str] = []
        problems: list[Problem] = []
        for block, base, judged, others in module.spoken():
            line = lines.line_of(base)
            known = before.get(block)
            if known is None or known.judged is not judged:
                known = _Text(judged, -1, list(_items(block, judged.findings, encoding, rules)), "")
            if known.line != line:
                text = ",".join([item.at(line) for item in known.items])
                known = _Text(judged, line, known.items, text)
            self._texts[block] = known
            if known.text:
                found.append(known.text)
            found += [item.at(line) for item in _items(block, others, encoding, rules)]
            problems += [Problem(each.message, each.span.shifted(base), each.kind) for each in judged.problems]
        items = (diagnostics.problem_item(lines, problem, encoding) for problem in chain(problems, module.failed))
        found += [json.dumps(item, separators=(",", ":")) for item in items]
        return ",".join(found)


def _items(block: Block, findings: list[Finding], encoding: Encoding, rules: RuleSet) -> Iterator[_Item]:
    if not findings:
        return
    lines = LineIndex(block.text)
    for finding in sorted(findings, key=lambda one: (*one.span, one.rule)):
        item = diagnostics.finding_item(lines, finding, encoding, rules)
        start, end = (convert.position(lines, place, encoding) for place in finding.span)
        del item["range"]
        rest = json.dumps(item, separators=(",", ":"))[1:]
        yield _Item(
            start["line"],
            f',"character":{start["character"]}}},"end":{{"line":',
            end["line"],
            f',"character":{end["character"]}}}}},{rest}',
        )
