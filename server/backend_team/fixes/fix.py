"""Fix one finding, or all of a text until nothing changes; what can't be shown right is withheld with the reason."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from backend_team.analysis.module import Module
from backend_team.findings import Finding, Fix, Safety, Withheld
from backend_team.fixes import imports, proof
from backend_team.fixes.code import Code, NoFix
from backend_team.fixes.difference import difference
from backend_team.fixes.template import captures_of, replace_token, substitute
from backend_team.settings import DEFAULT, Settings
from backend_team.text import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from backend_team.rules.model import Replacement, Rule, RuleSet

ROUNDS: Final = 10
MOST: Final = 2_000  # fixes of one text; more is a rule that undoes another


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
        done, edits, _ = _apply(module, finding, rules, settings)
        after = module.source.text
        module.edit(source, difference(after, source.text))
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

    `only` names the rules to fix, `spared` says of a finding in the text as it is by then that it is left alone. Every
    fix is proved on the text that the ones before it left, so fixes that touch each other follow one another and are
    never merged. The whole is proved once more at the end.
    """
    module = Module(source, rules, settings)
    taken = {Safety.SAFE} if safety is Safety.SAFE else {Safety.SAFE, Safety.REVIEW}
    applied: list[Fix] = []
    withheld: dict[tuple[str, Span], Withheld] = {}
    changed: list[tuple[str, str]] = []  # comments that fixes are about
    for _ in range(ROUNDS):
        before = module.source.text
        withheld = {}
        todo = [
            finding
            for finding in module.report.findings
            if finding.safety in taken
            and (only is None or finding.rule in only)
            and rules.by_id[finding.rule].fixable
            and not (spared is not None and spared(module.source, finding))
        ]
        while todo and len(applied) < MOST:
            finding = todo.pop()
            if finding not in module.report.findings:
                continue
            try:
                done, edits, comments = _apply(module, finding, rules, settings)
            except NoFix as reason:
                withheld[finding.rule, finding.span] = Withheld(finding.rule, finding.span, str(reason))
                continue
            applied.append(done)
            changed += comments
            todo = [moved for each in todo if (moved := _moved(each, edits)) is not None]
            withheld = _moved_withheld(withheld, edits)
        if module.source.text == before:
            break
    fault = _whole(source.text, module.source.text, changed)
    if fault is not None:
        return FixAll(source, (), (), tuple(Withheld(each.rule, Span(0, 0), fault) for each in applied))
    return FixAll(module.source, difference(source.text, module.source.text), tuple(applied), tuple(withheld.values()))


def _apply(
    module: Module, finding: Finding, rules: RuleSet, settings: Settings
) -> tuple[Fix, tuple[Edit, ...], list[tuple[str, str]]]:
    """Fix a finding in the module; with the edits, and the comments the fix is about, before and after.

    Raises `NoFix`, and the module is then as before.
    """
    before, report = module.source, module.report
    rule = rules.by_id[finding.rule]
    code = Code(before)
    try:
        edits = _checked(before, _with_imports(code, _edits(rule, code, finding, settings)))
        upkeep = imports.upkeep(code, edits)
        if upkeep is not None:
            edits = upkeep
    except (SyntaxError, ValueError, IndexError, RecursionError) as error:
        raise NoFix(f"it could not be worked out: {error}") from None
    after = before.edited(edits, before.version)
    proof.check_text(before.text, after.text, edits, code.changed_comments)
    module.edit(after, edits)
    try:
        proof.check_report(finding, report, module.report)
    except NoFix:
        module.edit(before, difference(after.text, before.text))
        raise
    proved = proof.PROVED_OF_COMMENTS if code.changed_comments else proof.PROVED
    return Fix(rule.id, rule.title, edits, finding.safety, proved), edits, code.changed_comments


def _with_imports(code: Code, edits: list[Edit]) -> list[Edit]:
    """The edits with the imports they need."""
    if not code.needs.reaches(edits):
        raise NoFix("what it needs is imported only further down")
    return [*edits, *code.needs.edits()]


def _edits(rule: Rule, code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    if rule.rewrite is not None:
        from backend_team.fixes.rewrites import rewrite  # LibCST only when it is needed

        return rewrite(rule.rewrite, code, finding, settings)
    captures = captures_of(finding.captures)
    return [
        _replaced(code, captures[each.capture], _resolved(code, each), captures)
        for each in rule.replacements
        if each.capture in captures
    ]


def _resolved(code: Code, replacement: Replacement) -> str:
    """The template with what it needs from other modules as this file has it."""
    template = replacement.template
    for module, name in replacement.needs:
        template = re.sub(rf"(?<![\w.]){re.escape(module)}\.{name}\b", code.need(module, name), template)
    return template


def _replaced(code: Code, target: Span, template: str, captures: dict[str, Span]) -> Edit:
    if not template:
        return code.removal(target)
    token = not _is_node(code, target)
    return replace_token(code, target, template) if token else substitute(code, target, template, captures)


def _is_node(code: Code, span: Span) -> bool:
    try:
        code.node(span, ast.expr, ast.stmt)
    except NoFix:
        return False
    return True


def _checked(source: Source, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits made minimal."""
    after = source.edited(tuple(edits)).text
    if after == source.text:
        raise NoFix("there is nothing to change")
    return difference(source.text, after)


def _moved(finding: Finding, edits: Sequence[Edit]) -> Finding | None:
    """The finding where it is after the edits; None when they touch it."""
    by = 0
    for edit in edits:
        if edit.span.end <= finding.span.start:
            by += len(edit.text) - (edit.span.end - edit.span.start)
        elif edit.span.start < finding.span.end:
            return None
    return Finding(
        finding.rule,
        finding.span.shifted(by),
        finding.message,
        finding.severity,
        finding.safety,
        tuple((name, _moved_place(span, edits)) for name, span in finding.captures),
        finding.tags,
        tuple((message, _moved_place(span, edits)) for message, span in finding.related),
    )


def _moved_place(span: Span, edits: Sequence[Edit]) -> Span:
    """A place of a finding where it is after the edits."""
    shift = sum(len(e.text) - (e.span.end - e.span.start) for e in edits if e.span.end <= span.start)
    grow = sum(
        len(e.text) - (e.span.end - e.span.start) for e in edits if span.start < e.span.end and e.span.end <= span.end
    )
    return Span(span.start + shift, span.end + shift + grow)


def _moved_withheld(
    withheld: dict[tuple[str, Span], Withheld], edits: Sequence[Edit]
) -> dict[tuple[str, Span], Withheld]:
    """What was withheld, where it is after the edits."""
    moved = {}
    for each in withheld.values():
        by = sum(len(e.text) - (e.span.end - e.span.start) for e in edits if e.span.end <= each.span.start)
        span = each.span.shifted(by)
        moved[each.rule, span] = Withheld(each.rule, span, each.reason)
    return moved


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
