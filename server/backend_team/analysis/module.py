"""A module under analysis: the report of a text, kept up to date edit by edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.analysis.blocks import Unparsable
from backend_team.analysis.engine import engine_for
from backend_team.analysis.facts import FunctionFacts
from backend_team.analysis.report import Placed, report
from backend_team.analysis.splice import Splice
from backend_team.analysis.tolerant import split
from backend_team.settings import DEFAULT, Settings
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.analysis.blocks import Block
    from backend_team.findings import ModuleReport
    from backend_team.rules.model import RuleSet
    from backend_team.text import Source

_MOST_EDITS: Final = 16  # more at once, and the whole text is analysed instead


def analyse(source: Source, rules: RuleSet, settings: Settings = DEFAULT) -> ModuleReport:
    """The report of a module. Never raises: trouble is in its problems."""
    return Module(source, rules, settings).report


class Module:
    """A text with its blocks and its report; `edit` analyses only the blocks that an edit touches.

    The report after edits is the one of a full analysis of the new text, whenever that text parses.
    """

    def __init__(self, source: Source, rules: RuleSet, settings: Settings = DEFAULT) -> None:
        self._engine = engine_for(rules, settings)
        self.source = source
        self.blocks: tuple[Block, ...] = ()
        self._guessed = False  # the blocks come from a text that never parsed: their borders are guesses
        self._placed: Placed = {}
        self._load()
        self._merge()

    report: ModuleReport

    def edit(self, source: Source, edits: Sequence[Edit]) -> ModuleReport:
        """The report of the text after the edits, all counted in the text before."""
        before, self.source = self.source, source
        text = source.text
        if self._guessed or len(edits) > _MOST_EDITS or before.text[:1] == "\ufeff" or text[:1] == "\ufeff":
            done = self._whole()
        else:
            done = False
        if not done:
            splice = Splice(self._engine, self.blocks)
            ordered = sorted(edits, key=lambda edit: edit.span)
            while ordered:  # from the end, so that those before still count right
                splice.edit(ordered.pop())
            self.blocks = tuple(splice.blocks)
            if splice.doubtful or "".join(block.text for block in self.blocks) != text:
                self._whole()
        if "".join(block.text for block in self.blocks) != text:  # the edits don't lead to this text
            self._load()
        self._merge()
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
                    owner = f"{block.owner}." if block.kind == "member" and block.error is None else ""
                    span = Span(*found.span).shifted(base)
                    return FunctionFacts(found.name, owner + found.qualified_name, span, found.complexity)
            base = end
        return None

    def _whole(self) -> bool:
        """Analyse the whole text if it parses."""
        try:
            self.blocks = tuple(self._engine.whole(self.source.text))
        except Unparsable:
            return False
        self._guessed = False
        return True

    def _load(self) -> None:
        """Analyse a text of which nothing is known yet."""
        try:
            self.blocks = tuple(self._engine.whole(self.source.text))
            self._guessed = False
        except Unparsable as error:
            self.blocks = tuple(split(self._engine, self.source.text, error))
            self._guessed = True

    def _merge(self) -> None:
        self.report, self._placed = report(self.source, self.blocks, self._engine.table, self._placed)
