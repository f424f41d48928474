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
    from backend_team.lsp.capabilities import Capabilities
    from backend_team.rules.model import RuleSet


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
        self._written_for: tuple[RuleSet, Capabilities] | None = None

    def items(self, module: Module, client: Capabilities, rules: RuleSet, uri: str) -> str:
        """The diagnostics of a module as they are now, JSON without the brackets of the list."""
        if self._written_for != (rules, client):
            self._texts, self._written_for = {}, (rules, client)
        lines = module.source.lines
        before, self._texts = self._texts, {}
        found: list[str] = []
        problems: list[Problem] = []
        for block, base, judged, others in module.spoken():
            problems += [Problem(each.message, each.span.shifted(base), each.kind) for each in judged.problems]
            if client.shows_related and any(finding.related for finding in judged.findings):
                placed = sorted((finding.shifted(base) for finding in [*judged.findings, *others]), key=_place)
                found += [_json(diagnostics.finding_item(lines, each, client, rules, uri)) for each in placed]
                continue
            line = lines.line_of(base)
            known = self._texts[block] = _written(before.get(block), block, judged, line, client, rules)
            if known.text:
                found.append(known.text)
            found += [item.at(line) for item in _items(block, others, client, rules)]
        encoding = client.encoding
        found += [_json(diagnostics.problem_item(lines, each, encoding)) for each in chain(problems, module.failed)]
        return ",".join(found)


def _written(
    known: _Text | None, block: Block, judged: Judged, line: int, client: Capabilities, rules: RuleSet
) -> _Text:
    """The JSON of a block that begins in a line: as it was when that is still right."""
    if known is None or known.judged is not judged:
        known = _Text(judged, -1, list(_items(block, judged.findings, client, rules)), "")
    if known.line == line:
        return known
    return _Text(judged, line, known.items, ",".join([item.at(line) for item in known.items]))


def _json(item: convert.JSON) -> str:
    return json.dumps(item, separators=(",", ":"))


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.span.start, finding.span.end, finding.rule


def _items(block: Block, findings: list[Finding], client: Capabilities, rules: RuleSet) -> Iterator[_Item]:
    """Diagnostics without places outside the block."""
    if not findings:
        return
    lines = LineIndex(block.text)
    for finding in sorted(findings, key=_place):
        item = diagnostics.finding_item(lines, finding, client, rules, "")
        start, end = (convert.position(lines, place, client.encoding) for place in finding.span)
        del item["range"]
        rest = _json(item)[1:]
        yield _Item(
            start["line"],
            f',"character":{start["character"]}}},"end":{{"line":',
            end["line"],
            f',"character":{end["character"]}}}}},{rest}',
        )
