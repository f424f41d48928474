"""Which rule looks at which node: a rule set and settings compiled for the walk."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from backend_team.analysis.suppressions import names_of
from backend_team.findings import Finding, Severity

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Collection, Iterable, Sequence

    from backend_team.checks.view import Hit, ImportedName, Remark, Scope, View
    from backend_team.checks.whole import Block
    from backend_team.rules.model import Rule, RuleSet
    from backend_team.rules.pattern import Pattern
    from backend_team.settings import Settings

    NodeCheck = Callable[[Any, View], Iterable[Hit]]
    ScopeCheck = Callable[[Scope, View], Iterable[Hit]]
    TextCheck = Callable[[View], Iterable[Hit]]
    ModuleCheck = Callable[[Iterable[ImportedName], Collection[str], str], Iterable[tuple[ImportedName, Hit]]]
    SuppressionCheck = Callable[[Remark], Iterable[Hit]]
    WholeCheck = Callable[[Sequence[Block], str, Settings], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as it runs: with the severity of the settings and the names that suppress it."""

    rule: Rule
    severity: Severity
    names: frozenset[str]

    def finding(self, hit: Hit) -> Finding:
        """The finding of a hit."""
        rule = self.rule
        return Finding(
            rule.id,
            hit.span,
            rule.title if hit.message is None else hit.message,
            self.severity,
            rule.safety if hit.safety is None else hit.safety,
            hit.captures,
            rule.tags,
        )


NodeRule = tuple[Entry, "NodeCheck | None", "Pattern | None"]


@dataclass(slots=True)
class Table:
    """The enabled rules, by what they look at; those of `calls` by the name of the function or method called.

    `entries` are all of them by id. Of all rules, enabled or not, `ids` are the ids, and `named` tells which rules a
    suppression means by an id or code.
    """

    settings: Settings
    nodes: dict[type[ast.AST], list[NodeRule]] = field(default_factory=dict)
    calls: dict[str, list[NodeRule]] = field(default_factory=dict)
    scopes: list[tuple[Entry, ScopeCheck]] = field(default_factory=list)
    texts: list[tuple[Entry, TextCheck]] = field(default_factory=list)
    modules: list[tuple[Entry, ModuleCheck]] = field(default_factory=list)
    suppressions: list[tuple[Entry, SuppressionCheck]] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    named: dict[str, set[str]] = field(default_factory=dict)
    wholes: list[tuple[Entry, WholeCheck]] = field(default_factory=list)


def is_enabled(rule: Rule, settings: Settings) -> bool:
    """Whether the settings let a rule run.

    They name rules, categories (of which the rules that are on by default run) and `all`.
    """
    if rule.python is not None and rule.python > settings.target_version:
        return False
    if not {rule.id, rule.category, "all"}.isdisjoint(settings.ignore):
        return False
    if _is_named(rule, settings.extend_select):
        return True
    return rule.default if settings.select is None else _is_named(rule, settings.select)


def _is_named(rule: Rule, names: Collection[str]) -> bool:
    return rule.id in names or "all" in names or (rule.default and rule.category in names)


def compile_table(rules: RuleSet, settings: Settings) -> Table:
    """The table of the rules that the settings enable."""
    table = Table(settings, ids=tuple(rules.by_id))
    for rule in rules:
        names = names_of(rule)
        for name in names:
            table.named.setdefault(name, set()).add(rule.id)
        if not is_enabled(rule, settings):
            continue
        entry = Entry(rule, Severity(settings.severity.get(rule.id, rule.severity)), names)
        table.entries[rule.id] = entry
        for matcher in rule.matchers:
            if matcher.called is None:
                table.nodes.setdefault(matcher.root, []).append((entry, None, matcher))
            else:
                table.calls.setdefault(matcher.called, []).append((entry, None, matcher))
        if rule.check is not None:
            _add_check(table, entry, rule.check)
    return table


PACKAGE: Final = "backend_team.checks"


def _add_check(table: Table, entry: Entry, check_name: str) -> None:
    module = importlib.import_module(f"{PACKAGE}.{check_name.replace('-', '_')}")
    if (check := getattr(module, "check", None)) is not None:
        for kind in getattr(module, "NODES", ()):
            table.nodes.setdefault(kind, []).append((entry, check, None))
        for name in getattr(module, "CALLS", ()):
            table.calls.setdefault(name, []).append((entry, check, None))
    if (check := getattr(module, "check_scope", None)) is not None:
        table.scopes.append((entry, check))
    if (check := getattr(module, "check_text", None)) is not None:
        table.texts.append((entry, check))
    if (check := getattr(module, "check_module", None)) is not None:
        table.modules.append((entry, check))
    if (check := getattr(module, "check_suppression", None)) is not None:
        table.suppressions.append((entry, check))
    if (check := getattr(module, "check_blocks", None)) is not None:
        table.wholes.append((entry, check))
