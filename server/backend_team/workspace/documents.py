"""Open documents: a text kept by an editor's changes, with its module under analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.analysis.module import Module
from backend_team.findings import ModuleReport
from backend_team.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from backend_team.rules.model import RuleSet
    from backend_team.settings import Settings
    from backend_team.text import LineIndex

    # A change of the editor: given the lines of the text it was made for, the edit.
    Change = Callable[[LineIndex], Edit]


class Document:
    """One open document: its text at once, its module as soon as somebody analysed it.

    A large text is analysed in a thread, with `analysed`, and the module given to `adopt`; changes go on meanwhile.
    """

    def __init__(self, source: Source, rules: RuleSet, settings: Settings) -> None:
        self.source = source
        self.rules = rules
        self.settings = settings
        self.module: Module | None = None

    @property
    def report(self) -> ModuleReport:
        """What is known of the text as it is now; nothing before its first analysis."""
        return (
            self.module.report if self.module is not None else ModuleReport(self.source.path, self.source.version, ())
        )

    def change(self, version: int | None, changes: Sequence[Change]) -> None:
        """Apply changes, each made for the text the one before it left."""
        self.source, edits = after(self.source, changes, version)
        if self.module is not None:
            self.module.edit(self.source, edits)

    def analysed(self) -> Module:
        """The module of the text as it is now; takes as long as the text is large."""
        return Module(self.source, self.rules, self.settings)

    def adopt(self, module: Module) -> None:
        """Take a module that was made of an earlier text, and bring it up to date."""
        if module.source is not self.source:
            module.edit(self.source, difference(module.source.text, self.source.text))
        self.module = module

    def settled(self, settings: Settings) -> Settings:
        """The settings of its file as they hold for it."""
        return settings

    def judge_by(self, rules: RuleSet, settings: Settings) -> None:
        """Be judged by other rules from the next analysis on; until then the findings stay."""
        self.rules = rules
        self.settings = settings


def after(source: Source, changes: Sequence[Change], version: int | None) -> tuple[Source, tuple[Edit, ...]]:
    """The source after changes that follow each other, and edits, counted in the source before, that lead there."""
    lines = source.lines
    edits: list[Edit] = []
    border = len(source.text)
    for number, change in enumerate(changes):
        edit = change(lines)
        if edit.span.end > border or (edits and edit.span.end == border):
            return _step_by_step(source, changes, version)
        # Editors send several cursors from the last to the first: each is then counted in the first text too.
        edits.append(edit)
        border = edit.span.start
        if number + 1 < len(changes) and not _same_before(lines, border):
            return _step_by_step(source, changes, version)
    edits.reverse()
    return source.edited(edits, version), tuple(edits)


def _same_before(lines: LineIndex, border: int) -> bool:
    """Whether positions before the border mean the same after an edit behind it: `\\r` and `\\n` may have met."""
    return border == 0 or lines.text[border - 1] != "\r"


def _step_by_step(source: Source, changes: Sequence[Change], version: int | None) -> tuple[Source, tuple[Edit, ...]]:
    current = source
    for change in changes:
        current = current.edited([change(current.lines)], version)
    return Source(source.path, current.text, version, source.encoding), difference(source.text, current.text)


def difference(before: str, now: str) -> tuple[Edit, ...]:
    """The one edit between the first and the last difference of two texts; nothing when they are equal."""
    if before == now:
        return ()
    shorter = min(len(before), len(now))
    start = _common(before, now, shorter)
    end = _common(before[::-1], now[::-1], shorter - start)
    return (Edit(Span(start, len(before) - end), now[start : len(now) - end]),)


def _common(one: str, other: str, limit: int) -> int:
    """How many characters two texts begin with in common, at most `limit`."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
