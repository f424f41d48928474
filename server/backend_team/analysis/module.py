"""A module under analysis: the report of a text, kept up to date edit by edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.analysis.blocks import Block, Unparsable
from backend_team.analysis.engine import engine_for
from backend_team.analysis.facts import FunctionFacts
from backend_team.analysis.report import Placed, report
from backend_team.analysis.tolerant import split
from backend_team.findings import ModuleReport
from backend_team.settings import DEFAULT, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.rules.model import RuleSet
    from backend_team.text import Edit, Source


def analyse(source: Source, rules: RuleSet, settings: Settings = DEFAULT) -> ModuleReport:
    """The report of a module. Never raises: trouble is in its problems."""
    return Module(source, rules, settings).report


class Module:
    """A text with its blocks and its report; `edit` analyses only the blocks that an edit touches."""

    def __init__(self, source: Source, rules: RuleSet, settings: Settings = DEFAULT) -> None:
        self._engine = engine_for(rules, settings)
        self.source = source
        self._placed: Placed = {}
        self.blocks: tuple[Block, ...] = ()
        self.report: ModuleReport
        self._load()

    def edit(self, source: Source, edits: Sequence[Edit]) -> ModuleReport:
        """The report of the text after the edits, which count in the text before."""
        self.source = source
        self._load()
        return self.report

    def function_at(self, offset: int) -> FunctionFacts | None:
        """The innermost function around an offset, its span counted in the module."""
        base = 0
        for block in self.blocks:
            end = base + len(block.text)
            if base <= offset <= end:
                around = [
                    function
                    for function in block.analysis.facts.functions
                    if function.span.start <= offset - base <= function.span.end
                ]
                if around:
                    found = max(around, key=lambda function: function.span.start)
                    owner = f"{block.owner}." if block.kind == "member" else ""
                    return FunctionFacts(
                        found.name, owner + found.qualified_name, found.span.shifted(base), found.complexity
                    )
            base = end
        return None

    def _load(self) -> None:
        try:
            blocks = self._engine.whole(self.source.text)
        except Unparsable as error:
            blocks = split(self._engine, self.source.text, error)
        self._merge(blocks)

    def _merge(self, blocks: Sequence[Block]) -> None:
        self.blocks = tuple(blocks)
        self.report, self._placed = report(self.source, blocks, self._engine.table, self._placed)
