"""Notebooks: the cells analysed as one module, and the table that says which offset is of which cell.

The text of a notebook is that of its Python cells, each followed by a line end and a statement of ours that keeps it
apart from the next: no run of imports and no statement goes across the border of two cells.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from backend_team.findings import ModuleReport, Problem, Withheld
from backend_team.text import Edit, Source, Span
from backend_team.workspace.documents import Document, difference
from backend_team.workspace.magics import Masked, masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.findings import Finding
    from backend_team.rules.model import RuleSet
    from backend_team.settings import Settings

BORDER: Final = "\npass  # end of the cell\n"
PYTHON: Final = "python"

# What a notebook is for: it prints, and `exit` is IPython's own there.
NOT_IN_NOTEBOOKS: Final = frozenset({"print-left", "exit-of-the-shell"})
OUTSIDE_FUNCTION: Final = "outside-function"


@dataclass(frozen=True)
class Cell:
    """One cell: its own text, and whether it holds Python; a cell of another kind has no part in the module."""

    uri: str
    source: Source
    is_python: bool = True

    @cached_property
    def masked(self) -> Masked:
        """Its text as it is analysed."""
        return masked(self.source.text)

    @cached_property
    def piece(self) -> str:
        """Its part of the notebook's text."""
        return self.masked.text + BORDER if self.is_python else ""


class Table:
    """The cells of a notebook as they are at one moment, and where each begins in its text."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.cells = tuple(cells)
        self.starts = list(accumulate((len(cell.piece) for cell in self.cells), initial=0))

    @cached_property
    def _by_uri(self) -> dict[str, int]:
        return {cell.uri: number for number, cell in enumerate(self.cells)}

    @property
    def text(self) -> str:
        """The text of the notebook."""
        return "".join(cell.piece for cell in self.cells)

    def __contains__(self, uri: str) -> bool:
        """Whether a cell of this URI holds Python."""
        number = self._by_uri.get(uri)
        return number is not None and self.cells[number].is_python

    def cell(self, uri: str) -> tuple[Cell, int]:
        """The cell of a URI and where it begins; raises `KeyError`."""
        number = self._by_uri[uri]
        return self.cells[number], self.starts[number]

    def at(self, offset: int) -> tuple[Cell, int] | None:
        """The cell that holds an offset, its border included, and where it begins; None in an empty notebook."""
        number = min(bisect_right(self.starts, offset), len(self.cells)) - 1
        while number >= 0 and not self.cells[number].is_python:
            number -= 1
        return (self.cells[number], self.starts[number]) if number >= 0 else None

    @cached_property
    def _hidden(self) -> list[Span]:
        found = []
        for cell, base in zip(self.cells, self.starts, strict=False):
            if cell.is_python:
                found += [span.shifted(base) for span in cell.masked.spans]
                found.append(Span(base + len(cell.source.text) + 1, base + len(cell.piece)))
        return found

    @cached_property
    def _hidden_starts(self) -> list[int]:
        return [span.start for span in self._hidden]

    def is_hidden(self, span: Span) -> bool:
        """Whether a place is in no text that a person wrote as Python: a border, or a magic's."""
        number = bisect_right(self._hidden_starts, span.start) - 1
        return number >= 0 and span.end <= self._hidden[number].end

    def edits_to(self, after: Table) -> tuple[Edit, ...]:
        """The edits of the text that lead to another table's, all counted in this one's."""
        before, now = self.cells, after.cells
        head = 0
        while head < min(len(before), len(now)) and before[head].piece == now[head].piece:
            head += 1
        tail = 0
        while tail < min(len(before), len(now)) - head and before[-1 - tail].piece == now[-1 - tail].piece:
            tail += 1
        old, new = before[head : len(before) - tail], now[head : len(now) - tail]
        if len(old) != len(new):  # cells came or went
            old_text, new_text = ("".join(cell.piece for cell in some) for some in (old, new))
            return _moved(difference(old_text, new_text), self.starts[head])
        edits: list[Edit] = []
        for number, (one, other) in enumerate(zip(old, new, strict=True), head):
            edits += _moved(difference(one.piece, other.piece), self.starts[number])
        return tuple(edits)

    def cell_edits(self, rule: str, edits: Sequence[Edit]) -> list[tuple[Cell, tuple[Edit, ...]]] | Withheld:
        """Edits of the notebook's text as edits of its cells, or why they can't be made there."""
        found: dict[str, tuple[Cell, list[Edit]]] = {}
        for edit in edits:
            place = self.at(edit.span.start)
            if place is None:
                return Withheld(rule, edit.span, "there is no cell for it")
            cell, base = place
            own = _in_cell(cell, Edit(edit.span.shifted(-base), edit.text))
            if own is None:
                return Withheld(rule, edit.span, "the edit would go beyond the border of its cell")
            if cell.masked.whole_cell and own.span.start <= cell.masked.spans[0].end:
                return Withheld(rule, edit.span, "the cell begins with a line that must stay the first")
            if any(_reaches(own, one) for one in cell.masked.spans):
                return Withheld(rule, edit.span, "the edit would change a line that is IPython's")
            found.setdefault(cell.uri, (cell, []))[1].append(own)
        return [(cell, tuple(own)) for cell, own in found.values()]


def _moved(edits: Sequence[Edit], by: int) -> tuple[Edit, ...]:
    return tuple(Edit(edit.span.shifted(by), edit.text) for edit in edits)


def _in_cell(cell: Cell, edit: Edit) -> Edit | None:
    """An edit of a cell's piece as one of the cell: the line end at its border is ours, and is not in the cell."""
    (start, end), text, size = edit.span, edit.text, len(cell.source.text)
    if end <= size:
        return edit
    if end > size + 1:
        return None
    if text.endswith("\n"):
        text = text.removesuffix("\n").removesuffix("\r")
        if start > size:  # whole lines behind the last one
            return Edit(Span(size, size), _line_end(cell.source.text) + text)
        return Edit(Span(start, size), text)
    if text or start > size:
        return None
    start = min(start, size)  # the last line goes: so does the line end before it
    before = cell.source.text[:start]
    return Edit(Span(len(before.removesuffix("\n").removesuffix("\r")), size), "")


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _reaches(edit: Edit, hidden: Span) -> bool:
    """Whether an edit changes the line of a magic."""
    start, end = edit.span
    if start == end and start in hidden:
        if start == hidden.start:
            return not edit.text.endswith(("\n", "\r"))
        return not edit.text.startswith(("\n", "\r"))
    return start < hidden.end and end > hidden.start


class Notebook(Document):
    """An open notebook: one document of all its Python cells.

    The version of its text is a count of our own: editors count the versions of a notebook and of its cells apart.
    """

    def __init__(self, path: str, cells: Sequence[Cell], rules: RuleSet, settings: Settings) -> None:
        self.table = Table(cells)
        super().__init__(Source(path, self.table.text, 1), rules, self.settled(settings))
        self._last: tuple[ModuleReport, Table, ModuleReport] | None = None
        self._parts: dict[str, _Part] = {}

    def settled(self, settings: Settings) -> Settings:
        """The settings of a file as they hold for a notebook."""
        return replace(settings, ignore=settings.ignore | NOT_IN_NOTEBOOKS)

    @property
    def report(self) -> ModuleReport:
        """What is known of the cells, without what is about lines that are no Python."""
        report, table = super().report, self.table
        if self._last is None or self._last[0] is not report or self._last[1] is not table:
            shown = [one for one in report.findings if not table.is_hidden(one.span) and not self._is_await(one)]
            same = len(shown) == len(report.findings)
            self._last = report, table, report if same else replace(report, findings=tuple(shown))
        return self._last[2]

    def _is_await(self, finding: Finding) -> bool:
        """Whether it is about an `await` outside a function: a notebook has a loop that runs."""
        return finding.rule == OUTSIDE_FUNCTION and self.source.text.startswith("await", finding.span.start)

    def become(self, cells: Sequence[Cell]) -> None:
        """Have other cells, or the same with other texts, from now on."""
        before, self.table = self.table, Table(cells)
        edits = before.edits_to(self.table)
        self.source = self.source.edited(edits, (self.source.version or 0) + 1)
        if self.module is not None:
            self.module.edit(self.source, edits)

    def judge_by(self, rules: RuleSet, settings: Settings) -> None:
        """Be judged by other rules from the next analysis on; until then the findings stay."""
        super().judge_by(rules, self.settled(settings))

    def by_cell(self, report: ModuleReport) -> dict[str, ModuleReport]:
        """A report of the notebook in parts, one for each Python cell, counted there.

        A part that is as it was is the one it was.
        """
        table, findings = self.table, report.findings
        problems: dict[str, list[Problem]] = {}
        for problem in report.problems:
            if (place := table.at(problem.span.start)) is not None:
                cell, base = place
                span = _within(problem.span.shifted(-base), cell)
                problems.setdefault(cell.uri, []).append(Problem(problem.message, span, problem.kind))
        parts: dict[str, _Part] = {}
        first = 0
        for cell, base in zip(table.cells, table.starts, strict=False):
            if cell.is_python:
                end = bisect_left(findings, base + len(cell.piece), first, key=_begin)
                own = findings[first:end]
                first = end
                now = _Part(cell, base, own, tuple(problems.get(cell.uri, ())))
                before = self._parts.get(cell.uri)
                parts[cell.uri] = before.moved(now) if before is not None and before.is_like(now) else now
        self._parts = parts
        return {uri: part.report for uri, part in parts.items()}


@dataclass
class _Part:
    """What is known of a cell that begins at a place of the notebook's text."""

    cell: Cell
    base: int
    findings: Sequence[Finding]  # counted in the text of the notebook
    problems: tuple[Problem, ...]  # counted in the cell

    @cached_property
    def report(self) -> ModuleReport:
        own = [finding.shifted(-self.base) for finding in self.findings]
        size = len(self.cell.source.text)
        clipped = [one if one.span.end <= size else replace(one, span=_within(one.span, self.cell)) for one in own]
        return ModuleReport(self.cell.uri, self.cell.source.version, tuple(clipped), self.problems)

    def is_like(self, other: _Part) -> bool:
        """Whether another says the same of the same cell."""
        if self.cell is not other.cell or self.problems != other.problems or len(self.findings) != len(other.findings):
            return False
        by = other.base - self.base
        for one, now in zip(self.findings, other.findings, strict=True):
            if one is now and not by:
                continue
            if (one.related or now.related) and one.shifted(by).related != now.related:
                return False  # the other place may be in another cell, which moves by more or less
            if one.span.start + by != now.span.start or one.span.end + by != now.span.end or one.rule != now.rule:
                return False
            if (one.message, one.severity, one.safety, one.tags) != (now.message, now.severity, now.safety, now.tags):
                return False
        return True

    def moved(self, now: _Part) -> _Part:
        """The same at the place of another that says the same."""
        now.__dict__["report"] = self.report
        return now


def _begin(finding: Finding) -> int:
    return finding.span.start


def line_in_cell(source: Source, offset: int) -> int:
    """The line of an offset, counted in its cell, in the text of a notebook after fixes."""
    border = source.text.rfind(BORDER, 0, offset)
    lines = source.lines
    return lines.line_of(offset) - (lines.line_of(border + len(BORDER)) if border >= 0 else 0)


def _within(span: Span, cell: Cell) -> Span:
    """A span of a cell's piece in the cell: what is at its border is at its end."""
    size = len(cell.source.text)
    return Span(min(span.start, size), min(span.end, size))
