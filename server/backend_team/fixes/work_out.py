"""Work out one fix: its edits by template or rewrite, with what it needs imported and without what it left over."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from backend_team.fixes import imports
from backend_team.fixes.code import Code, NoFix
from backend_team.fixes.difference import minimal
from backend_team.fixes.template import captures_of, replace_token, substitute

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_team.findings import Finding
    from backend_team.rules.model import Replacement, Rule
    from backend_team.settings import Settings
    from backend_team.text import Edit, Source, Span


class WorkedOut(NamedTuple):
    """The edits of a fix, counted in the text before; the comments it is about, before and after.

    `apart` says that it looked at nothing beyond its place: no import came, went or was relied on.
    """

    edits: tuple[Edit, ...]
    comments: list[tuple[str, str]]
    apart: bool


def worked_out(rule: Rule, source: Source, finding: Finding, settings: Settings) -> WorkedOut:
    """The fix of a finding of the source, not proved yet; raises `NoFix`."""
    code = Code(source)
    try:
        edits = _checked(source, _with_imports(code, _edits(rule, code, finding, settings)))
        upkeep = imports.upkeep(code, edits)
    except (SyntaxError, ValueError, IndexError, RecursionError) as error:
        raise NoFix(f"it could not be worked out: {error}") from None
    apart = upkeep is None and not code.has_needs and not code.changed_comments
    return WorkedOut(edits if upkeep is None else upkeep, code.changed_comments, apart)


def _with_imports(code: Code, edits: list[Edit]) -> list[Edit]:
    """The edits with the imports they need."""
    if not code.has_needs:
        return edits
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
    found = minimal(source.text, source.lines, sorted(edits, key=lambda edit: edit.span))
    if not found:
        raise NoFix("there is nothing to change")
    return found
