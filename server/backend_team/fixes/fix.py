"""Fix one finding, or all of a text until nothing changes; what can't be shown right is withheld with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from backend_team.analysis.module import Module
from backend_team.findings import Finding, Fix, Safety, Withheld
from backend_team.fixes import proof
from backend_team.fixes.code import NoFix
from backend_team.fixes.difference import inverse
from backend_team.fixes.run import Plan, Run, apply
from backend_team.fixes.work_out import worked_out
from backend_team.settings import DEFAULT, Settings
from backend_team.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from backend_team.rules.model import RuleSet

ROUNDS: Final = 10


@dataclass(frozen=True, slots=True)
class FixAll:
    """What fixing a text came to; `edits` are minimal and counted in the text before.

    The edits of each of the `applied` are counted in the text that the ones before it left, the spans of the
    `withheld` in the text after.
    """

    source: Source
    edits: tuple[Edit, ...]
    applied: tuple[Fix, ...]
    withheld: tuple[Withheld, ...]


def fix(
    source: Source,
    finding: Finding,
    rules: RuleSet,
    settings: Settings = DEFAULT,
    module: Module | None = None,
) -> Fix | Withheld:
    """The fix of one finding of the source, or why there is none.

    Who has a module of the source under these rules and settings may lend it; it comes back as it was.
    """
    module = Module(source, rules, settings) if module is None else module
    if finding not in module.report.findings:
        return Withheld(finding.rule, finding.span, "the text has changed: the finding is no longer there")
    if finding.safety is Safety.NONE:
        return Withheld(finding.rule, finding.span, "what is right here, only a person can tell")
    try:
        plan = Plan(finding, worked_out(rules.by_id[finding.rule], source, finding, settings))
        edits, (done,) = apply(module, [plan], rules)
        after = module.source.text
        module.edit(source, inverse(source.text, edits))
        if not proof.compiles_where(after, edits) and proof.compiles(source.text):
            raise NoFix("the result would not compile")
    except NoFix as reason:
        return Withheld(finding.rule, finding.span, str(reason))
    return done


def fix_all(
    source: Source,
    rules: RuleSet,
    settings: Settings = DEFAULT,
    *,
    safety: Safety = Safety.SAFE,
    only: Collection[str] | None = None,
    spared: Callable[[Source, Finding], bool] | None = None,
) -> FixAll:
    """Apply every fix of the safety (`REVIEW` takes both), from the end to the start, until nothing changes.

    `only` names the rules to fix, `spared` says of a finding in the text as it is by then that it is left alone. Fixes
    that touch each other follow one another and are never merged: each is proved on the text that the ones before it
    left, those in different blocks on the text that all of them lead to. The whole is proved once more at the end.
    """
    module = Module(source, rules, settings)
    taken = {Safety.SAFE} if safety is Safety.SAFE else {Safety.SAFE, Safety.REVIEW}
    run = Run(module, rules, settings)
    for _ in range(ROUNDS):
        before = module.source.text
        run.round(
            [
                finding
                for finding in module.report.findings
                if finding.safety in taken
                and (only is None or finding.rule in only)
                and rules.by_id[finding.rule].fixable
                and not (spared is not None and spared(module.source, finding))
            ]
        )
        if module.source.text == before:
            break
    fault = _whole(source.text, module.source.text, run.changed)
    if fault is not None:
        return FixAll(source, (), (), tuple(Withheld(each.rule, Span(0, 0), fault) for each in run.applied))
    return FixAll(module.source, run.trace.edits(), tuple(run.applied), tuple(run.withheld.values()))


def _whole(before: str, after: str, changed: Sequence[tuple[str, str]]) -> str | None:
    """Why the fixes together are not right; None when they are."""
    if before == after:
        return None
    try:
        proof.check_comments(before, after, changed)
    except NoFix as reason:
        return str(reason)
    if not proof.compiles(after) and proof.compiles(before):
        return "the result would not compile"
    return None
