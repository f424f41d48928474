"""The report of a module, merged from its blocks by difference: what an edit doesn't touch is not looked at again.

Names that the blocks bind and read are counted, so a block that comes or goes changes a few counters. Findings count
from the start of their block until a report is asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Final

from backend_team.analysis.reach import reached
from backend_team.analysis.remarks import remark_on
from backend_team.analysis.suppressions import silencers
from backend_team.checks.view import ANY_NAME, Hit
from backend_team.findings import ModuleReport, Problem
from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from backend_team.analysis.blocks import Block
    from backend_team.analysis.reach import Silencer
    from backend_team.analysis.table import Entry, Table
    from backend_team.checks.view import Requirement
    from backend_team.findings import Finding
    from backend_team.text import Source

_WORD: Final = re.compile(r"[^\W\d]\w*")
_UNKNOWN: Final = object()
_EVERY: Final = "*"  # bound by `from x import *`


@dataclass(slots=True)
class Judged:
    """What holds of a block in its module; `placed` are the findings where they were when last asked for."""

    findings: list[Finding]
    problems: list[Problem]
    uses: list[tuple[Block, int, str]]  # suppressions that silenced a rule
    base: int = -1
    placed: Sequence[Finding] = ()


class Merge:
    """What the blocks of a module come to."""

    def __init__(self, path: str, table: Table) -> None:
        self._path = path
        self._table = table
        self._bound: dict[str, dict[str | None, int]] = {}  # how often as what
        self._used: Counter[str] = Counter()
        self._present: dict[Block, None] = {}
        self._named: Counter[str] = Counter()  # definitions and imports: what checks of all blocks look for in others
        self._related = False  # from the first change on
        self._requirers: dict[str, dict[Block, None]] = {}  # blocks by the names their findings rely on
        self._importers: dict[str, dict[Block, None]] = {}  # blocks by the names they import
        self._judged: dict[Block, Judged] = {}
        self._speaking: dict[Block, Judged] = {}  # those with something to report
        self._wide: dict[Block, None] = {}  # blocks with suppressions that reach beyond them
        self._everywhere: tuple[Silencer, ...] = ()
        self._over: dict[Block, tuple[Silencer, ...]] = {}
        self._uses: Counter[tuple[Block, int, str]] = Counter()
        self._across: dict[Block, list[tuple[Entry, Hit]]] = {}  # what checks of all blocks found, by block
        self._outline_changed = bool(table.wholes)
        self._reaching = False  # whether one of these names a place in another block, which an edit moves
        self.failed: list[Problem] = []
        self._stale: dict[Block, None] = {}
        self._was_bound: dict[str, object] = {}  # what names were when the last report was made
        self._was_used: dict[str, bool] = {}

    def replace(self, removed: Iterable[Block], added: Iterable[Block]) -> None:
        """Take blocks away and add others, at the same places."""
        removed, added = list(removed), list(added)
        if self._table.wholes and not self._outline_changed:
            before, now = (self._outline(blocks) for blocks in (removed, added))
            touched = any(map(self._across.__contains__, removed))
            self._outline_changed = self._reaching or before != now or touched
        if removed and not self._related:
            self._relate()
        for block in removed:
            self._take_out(block)
        for block in added:
            self._put_in(block)

    def _take_out(self, block: Block) -> None:
        self._count(block, -1)
        for name in _named_by(block):
            self._named[name] -= 1
            if not self._named[name]:
                del self._named[name]
        self._stale.pop(block, None)
        self._forget(block)
        self._wide.pop(block, None)
        self._across.pop(block, None)
        self._present.pop(block, None)
        for index, names in self._relations(block):
            for name in names:
                index[name].pop(block, None)

    def _put_in(self, block: Block) -> None:
        self._count(block, 1)
        facts = block.analysis.facts
        self._named.update(_named_by(block))
        if block.analysis.candidates or facts.imports or facts.suppressions or _troubled(block):
            self._stale[block] = None
        if any(each.reach != "lines" for each in facts.suppressions):
            self._wide[block] = None
        self._present[block] = None
        if self._related:
            self._relate(block)

    def report(self, source: Source, blocks: Sequence[Block], starts: Sequence[int]) -> ModuleReport:
        """The report of the blocks, which begin at `starts`."""
        findings: list[Finding] = []
        problems: list[Problem] = []
        for block, base, known in self.spoken(blocks, starts):
            if known.base != base:
                known.base = base
                known.placed = [finding.shifted(base) for finding in known.findings]
            findings += known.placed
            if known.problems:
                problems += [Problem(each.message, each.span.shifted(base), each.kind) for each in known.problems]
            findings += [finding.shifted(base) for finding in self.unused_beyond(block, blocks)]
        problems += self.failed
        findings.sort(key=_place)
        return ModuleReport(source.path, source.version, tuple(findings), tuple(problems))

    def spoken(self, blocks: Sequence[Block], starts: Sequence[int]) -> Iterator[tuple[Block, int, Judged]]:
        """The blocks that have something to report, each with where it begins and what holds of it there."""
        self._settle(blocks, starts)
        speaking = self._speaking
        for block, base in compress(zip(blocks, starts, strict=False), map(speaking.__contains__, blocks)):
            yield block, base, speaking[block]

    def _outline(self, blocks: Sequence[Block]) -> list[object]:
        """What checks of all blocks look at: imports with their text, definitions, and those of them that are read."""
        return [(block.kind, block.owner, block.error is None, *self._seen(block)) for block in blocks]

    def _seen(self, block: Block) -> tuple[object, ...]:
        facts = block.analysis.facts
        definition = facts.definition
        defined = definition and (definition.name, definition.plain)
        used = {name for name in facts.used if name in self._named or name == ANY_NAME}
        return used, facts.bound, facts.exported, defined, _text_that_counts(block)

    # Names --------------------------------------------------------------------------------------------------------

    def _relate(self, *blocks: Block) -> None:
        """Note which names blocks depend on; of all there are before the first of them goes."""
        self._related = True
        for block in blocks or self._present:
            for index, names in self._relations(block):
                for name in names:
                    index.setdefault(name, {})[block] = None

    def _relations(self, block: Block) -> Iterator[tuple[dict[str, dict[Block, None]], Collection[str]]]:
        yield self._requirers, {need.name for each in block.analysis.candidates for need in each.requires}
        yield self._importers, {name.name for name in block.analysis.facts.imports}

    def _count(self, block: Block, by: int) -> None:
        facts = block.analysis.facts
        for name, kind in facts.bound.items():
            if self._related:
                self._was_bound.setdefault(name, self._kind(name))
            kinds = self._bound.get(name)
            if kinds is None:
                kinds = self._bound[name] = {}
            count = kinds.get(kind, 0) + by
            if count:
                kinds[kind] = count
            else:
                del kinds[kind]
                if not kinds:
                    del self._bound[name]
        used = self._used
        if by == 1 and not self._related and block.error is None:  # most are: the whole of a module is counted first
            used.update(facts.used)
            used.update(facts.exported)
            return
        names = [*facts.used, *facts.exported]
        if block.error is not None:  # what is being typed may already use a name
            names += _WORD.findall(block.text)
        for name in names:
            count = used[name]
            if self._related and (name in self._importers or name == ANY_NAME):
                self._was_used.setdefault(name, count > 0)
            if count + by:
                used[name] = count + by
            else:
                del used[name]

    def _kind(self, name: str) -> object:
        """What all bindings of a name are known to be."""
        kinds = self._bound.get(name)
        if not kinds:
            return _UNKNOWN
        return next(iter(kinds)) if len(kinds) == 1 else None

    def _meets(self, requirement: Requirement) -> bool:
        if _EVERY in self._bound:
            return False
        if requirement.kind == "builtin":
            return requirement.name not in self._bound
        bound = self._kind(requirement.name)
        if bound is _UNKNOWN:  # a module is used before its import is written
            return requirement.kind == f"module {requirement.name}"
        return bound == requirement.kind

    # Judging ------------------------------------------------------------------------------------------------------

    def _settle(self, blocks: Sequence[Block], starts: Sequence[int]) -> None:
        """Judge again what depends on something that has changed."""
        stale = self._stale
        if self._outline_changed:
            self._check_blocks(blocks, starts)
        for name, kind in self._was_bound.items():
            if self._kind(name) != kind:
                for each in self._requirers.values() if name == _EVERY else (self._requirers.get(name, {}),):
                    stale.update(each)
        for name, used in self._was_used.items():
            if (name in self._used) != used:
                for each in self._importers.values() if name == ANY_NAME else (self._importers.get(name, {}),):
                    stale.update(each)
        if self._wide or self._everywhere or self._over:
            self._spread(blocks)
        for block in stale:
            self._forget(block)
            self._judged[block] = judged = self._judge(block)
            if judged.findings or judged.problems or block in self._wide:
                self._speaking[block] = judged
            self._uses.update(judged.uses)
        stale.clear()
        self._was_bound.clear()
        self._was_used.clear()

    def _forget(self, block: Block) -> None:
        known = self._judged.pop(block, None)
        self._speaking.pop(block, None)
        if known is not None:
            for use in known.uses:
                self._uses[use] -= 1
                if not self._uses[use]:
                    del self._uses[use]

    def _judge(self, block: Block) -> Judged:
        analysis = block.analysis
        judged = Judged([], [Problem(message, span, "fault") for message, span in analysis.faults], [])
        if block.error is not None:
            judged.problems.insert(0, Problem(*block.error))
        for candidate in analysis.candidates:
            if not candidate.requires or all(map(self._meets, candidate.requires)):
                self._place(block, judged, candidate.finding, candidate.silenced_by)
        if analysis.facts.imports:
            self._check_imports(block, judged)
        for entry, hit in self._across.get(block, ()):
            places = hit.span if hit.anchor is None else (*hit.span, hit.anchor)
            self._place_hit(block, judged, entry, hit, *places)
        if self._table.suppressions and analysis.facts.suppressions and not _troubled(block):
            for number, each in enumerate(analysis.facts.suppressions):
                if each.ours and each.reach == "lines":
                    used = {rule for owner, at, rule in judged.uses if owner is block and at == number}
                    self._remark(block, judged, number, used)
        return judged

    def _place(self, block: Block, judged: Judged, finding: Finding, silenced_by: Sequence[int]) -> None:
        """Take a finding unless something silences it."""
        silent: list[Silencer] = [(block, number) for number in silenced_by]
        over = self._over.get(block)
        if self._everywhere or over:
            names = self._table.entries[finding.rule].names
            for owner, number in (*self._everywhere, *(over or ())):
                if owner.analysis.facts.suppressions[number].silences(names) and (owner, number) not in silent:
                    silent.append((owner, number))
        if silent:
            judged.uses += [(owner, number, finding.rule) for owner, number in silent]
        else:
            judged.findings.append(finding)

    def _place_hit(self, block: Block, judged: Judged, entry: Entry, hit: Hit, *places: int) -> None:
        """Take a hit of a check that looked at the module; `places` are those whose lines can silence it."""
        found = block.analysis.facts.suppressions
        silenced_by: tuple[int, ...] = ()
        if found:
            lines = LineIndex(block.text)
            silenced_by = silencers(found, entry.names, [lines.line_of(place) for place in places])
        self._place(block, judged, entry.finding(hit), silenced_by)

    def _check_imports(self, block: Block, judged: Judged) -> None:
        imports = block.analysis.facts.imports
        for entry, check in self._table.modules:
            try:
                for name, hit in check(imports, self._used.keys(), self._path):
                    self._place_hit(block, judged, entry, hit, name.span.start, name.statement.start)
            except Exception as error:  # a rule that fails must not take the others along
                message = f'the rule "{entry.rule.id}" failed: {type(error).__name__}: {error}'
                judged.problems.append(Problem(message, imports[0].span, "fault"))

    def _check_blocks(self, blocks: Sequence[Block], starts: Sequence[int]) -> None:
        """Run the checks of all blocks together; each hit belongs to the block it begins in, and counts from there."""
        before, self._across = self._across, {}
        self._outline_changed = False
        self.failed = []
        self._reaching = False
        for entry, check in self._table.wholes:
            try:
                for hit in check(blocks, self._path, self._table.settings):
                    place = min(bisect_right(starts, hit.span.start), len(blocks)) - 1
                    self._across.setdefault(blocks[place], []).append((entry, _moved(hit, -starts[place])))
                    self._reaching = self._reaching or bool(hit.related)
            except Exception as error:  # a rule that fails must not take the others along
                message = f'the rule "{entry.rule.id}" failed: {type(error).__name__}: {error}'
                self.failed.append(Problem(message, Span(0, 0), "fault"))
        for block in before.keys() | self._across.keys():
            if before.get(block) != self._across.get(block):
                self._stale[block] = None

    # Suppressions -------------------------------------------------------------------------------------------------

    def _spread(self, blocks: Sequence[Block]) -> None:
        """Find out which suppressions reach which blocks."""
        first = blocks[0] if blocks else None
        everywhere: list[Silencer] = []
        further = False
        for block in self._wide:
            for number, each in enumerate(block.analysis.facts.suppressions):
                if each.reach != "file":
                    further = further or each.reach != "lines"
                elif (each.at_head and block is first) or not (each.ours or each.at_head):
                    everywhere.append((block, number))
        if tuple(everywhere) != self._everywhere:
            self._everywhere = tuple(everywhere)
            self._stale.update(dict.fromkeys(self._judged))
        over = dict(reached(blocks, self._wide)) if further else {}
        for block in over.keys() | self._over.keys():
            if block in self._judged and over.get(block) != self._over.get(block):
                self._stale[block] = None
        self._over = over

    def unused_beyond(self, block: Block, blocks: Sequence[Block]) -> list[Finding]:
        """What is wrong with the suppressions of a block that reach beyond it."""
        if block not in self._wide:
            return []
        judged = Judged([], [], [])
        if self._table.suppressions and not any(map(_troubled, self._judged)):
            for number, each in enumerate(block.analysis.facts.suppressions):
                if each.ours and each.reach != "lines":
                    used = {rule for owner, at, rule in self._uses if owner is block and at == number}
                    misplaced = each.reach == "file" and not (each.at_head and block is blocks[0])
                    self._remark(block, judged, number, used, misplaced)
        return judged.findings

    def _remark(self, block: Block, judged: Judged, number: int, used: set[str], misplaced: bool = False) -> None:
        suppression = block.analysis.facts.suppressions[number]
        remark = remark_on(suppression, used, self._table, misplaced)
        if remark is None:
            return
        for entry, check in self._table.suppressions:
            try:
                for hit in check(remark):
                    self._place_hit(block, judged, entry, hit, hit.span.start)
            except Exception as error:
                message = f'the rule "{entry.rule.id}" failed: {type(error).__name__}: {error}'
                judged.problems.append(Problem(message, suppression.span, "fault"))


def _troubled(block: Block) -> bool:
    return block.error is not None or bool(block.analysis.faults)


def _named_by(block: Block) -> list[str]:
    facts = block.analysis.facts
    names = [name.name for name in facts.imports]
    return names if facts.definition is None else [*names, facts.definition.name]


def _text_that_counts(block: Block) -> str:
    return block.text if block.analysis.facts.lines or "isort" in block.text else ""


def _moved(hit: Hit, by: int) -> Hit:
    return Hit(
        hit.span.shifted(by),
        hit.message,
        tuple([(name, span.shifted(by)) for name, span in hit.captures]),
        hit.safety,
        hit.requires,
        None if hit.anchor is None else hit.anchor + by,
        tuple([(message, span.shifted(by)) for message, span in hit.related]),
    )


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.span.start, finding.span.end, finding.rule
