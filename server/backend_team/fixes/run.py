"""A run of fixes through a module: those that keep to their blocks together, the others one after the other."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from backend_team.findings import Fix, Withheld
from backend_team.fixes import imports, proof
from backend_team.fixes.code import Code, NoFix
from backend_team.fixes.difference import Trace, inverse
from backend_team.fixes.moved import Moved
from backend_team.fixes.work_out import WorkedOut, worked_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.analysis.module import Module
    from backend_team.findings import Finding
    from backend_team.rules.model import RuleSet
    from backend_team.settings import Settings
    from backend_team.text import Edit, Span

MOST: Final = 2_000  # fixes of one text, or twice as many as there were to do: more is a rule that undoes another


class Plan(NamedTuple):
    """A finding and its fix, which is not proved yet."""

    finding: Finding
    fix: WorkedOut


class Run:
    """Fixes findings in a module, from the end to the start; its text is then the one that all fixes lead to.

    A fix that keeps to its block, and neither brings nor takes an import, does not meet one in another block: such
    fixes are proved together, and in halves when that fails. Any other is worked out on the text that those before it
    left.
    """

    def __init__(self, module: Module, rules: RuleSet, settings: Settings) -> None:
        self.module = module
        self.applied: list[Fix] = []
        self.withheld: dict[tuple[str, Span], Withheld] = {}
        self.changed: list[tuple[str, str]] = []  # comments that fixes are about
        self.trace = Trace(module.source.text)
        self._rules = rules
        self._settings = settings
        self._todo: list[Finding] = []  # as they stand in the text now
        self._alone: list[Finding] = []  # those of them that don't keep to their blocks
        self._most = MOST

    def round(self, todo: list[Finding]) -> None:
        """Fix these findings, which are in the order of the text, as far as they are still there by then."""
        self._todo = todo
        self._most = max(self._most, 2 * len(todo))
        self.withheld = {}
        while self._todo and len(self.applied) < self._most:
            self._together(self._plans())
            while self._alone:
                self._by_itself(self._alone.pop(0))

    def _plans(self) -> list[Plan]:
        """Take the last finding of each block, and plan the fixes that keep to their blocks, from the end on."""
        shown = set(self.module.report.findings)
        blocks = self.module.blocks
        starts = list(accumulate((len(block.text) for block in blocks), initial=0))
        chosen: dict[int, Finding] = {}
        rest: list[Finding] = []
        for finding in reversed(self._todo):
            if finding in shown:
                block = bisect_right(starts, finding.span.start)
                if chosen.setdefault(block, finding) is not finding:
                    rest.append(finding)
        self._todo = rest[::-1]
        plans: list[Plan] = []
        end = len(self.module.source.text)
        for block, finding in chosen.items():
            fix = self._worked_out(finding)
            if fix is None:
                continue
            inside = starts[block - 1] <= fix.edits[0].span.start and fix.edits[-1].span.end <= end
            # An import that goes may be what another one is superfluous for.
            if fix.apart and inside and not blocks[block - 1].analysis.facts.imports:
                plans.append(Plan(finding, fix))
                end = fix.edits[0].span.start
            else:
                self._alone.append(finding)
        return plans

    def _worked_out(self, finding: Finding) -> WorkedOut | None:
        try:
            return worked_out(self._rules.by_id[finding.rule], self.module.source, finding, self._settings)
        except NoFix as reason:
            self._withhold(finding, reason)
            return None

    def _together(self, plans: Sequence[Plan]) -> None:
        """Apply what can be proved of the plans, which are in the order from the end on."""
        if len(plans) == 1:
            self._by_itself(plans[0].finding)
        elif plans and not self._applied(plans):
            half = len(plans) // 2
            self._together(plans[:half])
            self._together(plans[half:])  # all before the others: it stands where it stood

    def _applied(self, plans: Sequence[Plan]) -> bool:
        """Whether all of the plans were applied: not when they leave an import over or change what is bound."""
        try:
            upkeep = imports.upkeep(Code(self.module.source), _edits(plans))
        except (SyntaxError, ValueError, IndexError, RecursionError, NoFix):
            return False
        return upkeep is None and self._apply(plans) is None

    def _apply(self, plans: Sequence[Plan]) -> NoFix | None:
        """Apply plans; the reason when they can't be proved, and nothing has changed."""
        try:
            edits, fixes = apply(self.module, plans, self._rules)
        except NoFix as reason:
            return reason
        self.applied += fixes
        self.changed += [comment for plan in plans for comment in plan.fix.comments]
        self.trace.follow(edits)
        self._follow(Moved(edits))
        return None

    def _by_itself(self, finding: Finding) -> None:
        """Fix a finding, as far as it is still there."""
        if finding not in self.module.report.findings:
            return
        fix = self._worked_out(finding)
        reason = None if fix is None else self._apply([Plan(finding, fix)])
        if reason is not None:
            self._withhold(finding, reason)

    def _withhold(self, finding: Finding, reason: NoFix) -> None:
        self.withheld[finding.rule, finding.span] = Withheld(finding.rule, finding.span, str(reason))

    def _follow(self, moved: Moved) -> None:
        """Let all that is kept by its place follow the text."""
        self._todo = [each for finding in self._todo if (each := moved.finding(finding)) is not None]
        self._alone = [each for finding in self._alone if (each := moved.finding(finding)) is not None]
        withheld = map(moved.withheld, self.withheld.values())
        self.withheld = {(each.rule, each.span): each for each in withheld}


def apply(module: Module, plans: Sequence[Plan], rules: RuleSet) -> tuple[tuple[Edit, ...], list[Fix]]:
    """Follow the plans, which don't meet, in the module; the edits of all, and the fixes, as they were proved.

    Raises `NoFix`, and the module is then as before.
    """
    before, report, bound = module.source, module.report, _bound(module)
    edits = _edits(plans)
    after = before.edited(edits, before.version)
    proof.check_text(before.text, after.text, edits, [comment for plan in plans for comment in plan.fix.comments])
    module.edit(after, edits)
    try:
        proof.check_report(Counter(plan.finding.rule for plan in plans), report, module.report)
        if len(plans) > 1 and bound != _bound(module):
            raise NoFix("fixes that change what the module binds are proved one by one")
    except NoFix:
        module.edit(before, inverse(before.text, edits))
        raise
    return edits, [_proved(plan, rules) for plan in plans]


def _edits(plans: Sequence[Plan]) -> tuple[Edit, ...]:
    return tuple(sorted((edit for plan in plans for edit in plan.fix.edits), key=lambda edit: edit.span))


def _bound(module: Module) -> Counter[str]:
    """How often each name is bound in the module."""
    return Counter(name for block in module.blocks for name in block.analysis.facts.bound)


def _proved(plan: Plan, rules: RuleSet) -> Fix:
    rule = rules.by_id[plan.finding.rule]
    proved = proof.PROVED_OF_COMMENTS if plan.fix.comments else proof.PROVED
    return Fix(rule.id, rule.title, plan.fix.edits, plan.finding.safety, proved)
