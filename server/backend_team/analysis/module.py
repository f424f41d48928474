"""A module under analysis: the report of a text, kept up to date edit by edit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from backend_team.analysis.blocks import BOM, Unparsable
from backend_team.analysis.engine import engine_for
from backend_team.analysis.facts import FunctionFacts
from backend_team.analysis.report import Merge
from backend_team.analysis.splice import Splice
from backend_team.analysis.tolerant import split
from backend_team.settings import DEFAULT, Settings
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_team.analysis.blocks import Block
    from backend_team.analysis.report import Judged
    from backend_team.findings import Finding, ModuleReport, Problem
    from backend_team.rules.model import RuleSet
    from backend_team.text import Edit, Source

_MOST_EDITS: Final = 16  # more at once, and the whole text is analysed instead


def analyse(source: Source, rules: RuleSet, settings: Settings = DEFAULT) -> ModuleReport:
    """The report of a module. Never raises: trouble is in its problems."""
    return replace(Module(source, rules, settings).report, lines=source.text.count("\n"))


class Module:
    """A text with its blocks and its report; `edit` analyses only the blocks that an edit touches.

    The report after edits is the one of a full analysis of the new text, whenever that text parses.
    """

    def __init__(self, source: Source, rules: RuleSet, settings: Settings = DEFAULT) -> None:
        self._engine = engine_for(rules, settings)
        self.source = source
        self._blocks: list[Block] = []
        self._sizes: list[int] = []  # of their texts
        self._troubled: set[Block] = set()  # those of the blocks that don't parse
        self._guessed = False  # the blocks come from a text that never parsed: their borders are guesses
        self._merge = Merge(source.path, self._engine.table)
        self._report: ModuleReport | None = None
        self._load()

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of the text; their texts joined are the text."""
        return tuple(self._blocks)

    @property
    def report(self) -> ModuleReport:
        """The report of the text as it is; made when it is asked for."""
        if self._report is None:
            self._report = self._merge.report(self.source, self._blocks, self._starts())
        return self._report

    def spoken(self) -> Iterator[tuple[Block, int, Judged, list[Finding]]]:
        """The blocks with something to report, where each begins, and what: findings count from there.

        The last are those which depend on other blocks; the report has the same, in its order.
        """
        for block, base, judged in self._merge.spoken(self._blocks, self._starts()):
            yield block, base, judged, self._merge.unused_beyond(block, self._blocks)

    @property
    def failed(self) -> list[Problem]:
        """What went wrong with checks of the whole module."""
        return self._merge.failed

    def edit(self, source: Source, edits: Sequence[Edit]) -> None:
        """Follow the edits, all counted in the text before, that lead to a source."""
        before, self.source, self._report = self.source, source, None
        if source.path != before.path or not source.is_edited(before, edits):
            self._load()
            return
        whole = self._guessed or len(edits) > _MOST_EDITS or before.text[:1] == BOM or source.text[:1] == BOM
        if whole and self._whole():
            return
        splice = Splice(self._engine, self._blocks, self._sizes, self._troubled)
        for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):  # from the end: those before count right
            splice.edit(edit, self._starts())
        self._merge.replace(splice.removed, splice.added)
        if splice.doubtful:
            self._whole()

    def _starts(self) -> list[int]:
        """Where the blocks begin, and where the last one ends."""
        return list(accumulate(self._sizes, initial=0))

    def functions(self) -> Iterator[FunctionFacts]:
        """All functions, those inside others too, their spans counted in the module."""
        for block, base in zip(self._blocks, self._starts(), strict=False):
            for function in block.analysis.facts.functions:
                yield _placed(function, block, base)

    def function_at(self, offset: int) -> FunctionFacts | None:
        """The innermost function around an offset, its span counted in the module."""
        starts = self._starts()
        for place in range(bisect_left(starts, offset, 1) - 1, min(bisect_right(starts, offset), len(self._blocks))):
            block, base = self._blocks[place], starts[place]
            around = [
                function
                for function in block.analysis.facts.functions
                if function.span.start <= offset - base <= function.span.end
            ]
            if around:
                return _placed(max(around, key=lambda function: function.span.start), block, base)
        return None

    def _whole(self) -> bool:
        """Analyse the whole text if it parses."""
        try:
            blocks = self._engine.whole(self.source.text)
        except Unparsable:
            return False
        self._take(blocks, guessed=False)
        return True

    def _load(self) -> None:
        """Analyse a text of which nothing is known yet."""
        try:
            self._take(self._engine.whole(self.source.text), guessed=False)
        except Unparsable as error:
            self._take(split(self._engine, self.source.text, error), guessed=True)

    def _take(self, blocks: list[Block], guessed: bool) -> None:
        self._blocks = blocks
        self._sizes = [len(block.text) for block in blocks]
        self._troubled = {block for block in blocks if block.error is not None}
        self._guessed = guessed
        self._merge = Merge(self.source.path, self._engine.table)
        self._merge.replace((), blocks)


def _placed(function: FunctionFacts, block: Block, base: int) -> FunctionFacts:
    """A function of a block that begins at `base`, as it is in the module."""
    owner = f"{block.owner}." if block.kind == "member" and block.error is None else ""
    span = Span(*function.span).shifted(base)
    return FunctionFacts(function.name, owner + function.qualified_name, span, function.complexity)
