"""Which rule looks at which node: a rule set and settings compiled for the walk."""

from __future__ import annotations

import ast
import importlib
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from backend_team.analysis.suppressions import names_of
from backend_team.checks.statements import BODY_NAMES
from backend_team.findings import Finding, Severity
from backend_team.rules.pattern import reveal
from backend_team.rules.shape import PARTS, SHAPES, Sieve, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from types import ModuleType

    from backend_team.checks.view import Hit, ImportedName, Remark, Scope, View
    from backend_team.checks.whole import Block
    from backend_team.rules.model import Outline, Rule, RuleSet
    from backend_team.rules.pattern import Pattern
    from backend_team.rules.shape import Shape, Wanted
    from backend_team.settings import Settings

    NodeCheck = Callable[[Any, View], Iterable[Hit]]
    ScopeCheck = Callable[[Scope, View], Iterable[Hit]]
    TextCheck = Callable[[View], Iterable[Hit]]
    ModuleCheck = Callable[[Iterable[ImportedName], Collection[str], str], Iterable[tuple[ImportedName, Hit]]]
    SuppressionCheck = Callable[[Remark], Iterable[Hit]]
    WholeCheck = Callable[[Sequence[Block], str, Settings], Iterable[Hit]]

_STATEMENTS: Final = tuple(ast.stmt.__subclasses__())
_SCOPE_KINDS: Final = ("module", "class", "function")
_RUFF: Final = "ruff:"
_MOST_SHAPES: Final = 2000  # that are remembered for a type


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
            hit.related,
        )


NodeRule = tuple[Entry, "NodeCheck | None", "Pattern | None"]


class Choice:
    """The rules that look at nodes of a type, chosen by the shape of a node: patterns that can't match are left out.

    Checks that look for two statements one after the other come only where there are such, those that say which shapes
    they want only to these.
    """

    __slots__ = ("_kind", "_pairs", "_rules", "_shape", "_wanted")

    def __init__(self, kind: type[ast.AST]) -> None:
        self._kind = kind
        self._shape: Callable[[Any], Shape] | None = None  # until there is a pattern
        self._rules: list[NodeRule] = []
        self._wanted: dict[str, Wanted] = {}  # by rule
        self._pairs: dict[tuple[object, object], list[NodeRule]] = {}

    def add(
        self,
        entry: Entry,
        check: NodeCheck | None,
        pattern: Pattern | None,
        wanted: Wanted | None = None,
    ) -> None:
        """Add a rule, by its check or its pattern; `wanted` says what the check wants of the shape."""
        self._rules.append((entry, check, pattern))
        if wanted is not None:
            self._wanted[entry.rule.id] = wanted
        if (pattern is not None or wanted is not None) and self._kind in PARTS:
            self._shape = SHAPES.get(self._kind, shape_of)

    @property
    def all(self) -> list[NodeRule] | None:
        """The rules when every node of the type has the same; None when the `chooser` tells."""
        return self._rules if self._shape is None and not self._pairs else None

    def add_pairs(self, entry: Entry, check: NodeCheck, pairs: Iterable[tuple[type | None, type | None]]) -> None:
        """Add the check of a rule for nodes with a body in which one of the pairs stands; None is any statement."""
        for first, second in pairs:
            for one in _STATEMENTS if first is None else (first,):
                for other in _STATEMENTS if second is None else (second,):
                    self._pairs.setdefault((one, other), []).append((entry, check, None))

    def chooser(self) -> Callable[[Any], Sequence[NodeRule]]:
        """What tells the rules for a node; all rules have to be there."""
        of_shape, following = self._chooser_by_shape(), self._following
        if not self._pairs:
            return of_shape
        return lambda node: [*of_shape(node), *following(node)]

    def _following(self, node: Any) -> Iterable[NodeRule]:
        """The rules for statements that follow each other in the bodies of a node, each once."""
        found: dict[int, NodeRule] = {}
        pairs = self._pairs
        for name in BODY_NAMES:
            body = getattr(node, name, ())
            if len(body) > 1:
                before: object = None
                for statement in body:
                    kind = statement.__class__
                    if (before, kind) in pairs:
                        found |= {id(rule[1]): rule for rule in pairs[before, kind]}
                    before = kind
        return found.values()

    def _chooser_by_shape(self) -> Callable[[Any], list[NodeRule]]:
        rules, shape_of = self._rules, self._shape
        if shape_of is None:
            return lambda _: rules
        wanted = (self._wanted.get(entry.rule.id) if each is None else each.tree for entry, _, each in rules)
        sieve = Sieve(self._kind, wanted)
        known: dict[Shape, list[NodeRule]] = {}
        known_for = known.get

        def of(node: Any) -> list[NodeRule]:
            shape = shape_of(node)
            found = known_for(shape)
            if found is None:
                found = [rules[number] for number in sieve.through(shape)]
                if len(known) < _MOST_SHAPES:
                    known[shape] = found
            return found

        return of


@dataclass(slots=True)
class Table:
    """The enabled rules, by what they look at.

    Those of `calls` by the name of the function or method called, patterns of `methods` by the name whose methods are
    called and of `attributes` by the name behind the dot, those of `keyed` by the type of a node and the name in it,
    which `plans` knows, those of `scopes` by its kind and whether it has assignments and imports, those of `texts` with
    the signs of which one stands where they find something.
    `entries` are all of them by id. Of all rules, enabled or not, `ids` are the ids, and `named` tells which rules a
    suppression means by an id or code.
    """

    settings: Settings
    nodes: dict[type[ast.AST], Choice] = field(default_factory=dict)
    calls: dict[str, Choice] = field(default_factory=dict)
    methods: dict[str, list[NodeRule]] = field(default_factory=dict)
    attributes: dict[str, list[NodeRule]] = field(default_factory=dict)
    keyed: dict[type[ast.AST], dict[str, list[NodeRule]]] = field(default_factory=dict)
    scopes: dict[tuple[str, bool, bool], list[tuple[Entry, ScopeCheck]]] = field(
        default_factory=lambda: {key: [] for key in product(_SCOPE_KINDS, (True, False), (True, False))}
    )
    texts: list[tuple[Entry, TextCheck, tuple[str, ...]]] = field(default_factory=list)
    modules: list[tuple[Entry, ModuleCheck]] = field(default_factory=list)
    suppressions: list[tuple[Entry, SuppressionCheck]] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    ids: tuple[str, ...] = ()
    named: dict[str, set[str]] = field(default_factory=dict)
    plans: dict[type, Any] = field(default_factory=dict)  # of the walk, made from `nodes`
    wholes: list[tuple[Entry, WholeCheck]] = field(default_factory=list)


def is_enabled(rule: Outline, settings: Settings) -> bool:
    """Whether a rule runs: the settings let it, and it doesn't stand down."""
    return is_chosen(rule, settings) and not _is_elsewhere(rule, settings)


def stands_down(rule: Outline, settings: Settings) -> bool:
    """Whether a rule that the settings let run leaves its work to Ruff, which checks the same here."""
    return is_chosen(rule, settings) and _is_elsewhere(rule, settings)


def _is_elsewhere(rule: Outline, settings: Settings) -> bool:
    """Whether Ruff checks what the rule does; one that the settings name by its id is wanted all the same."""
    ruff = settings.ruff
    if ruff is None or rule.id in settings.extend_select or rule.id in settings.severity:
        return False
    if settings.select is not None and rule.id in settings.select:
        return False
    return any(name.startswith(_RUFF) and ruff.selects(name[len(_RUFF) :]) for name in rule.equivalents)


def is_chosen(rule: Outline, settings: Settings) -> bool:
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


def _is_named(rule: Outline, names: Collection[str]) -> bool:
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
            _add_pattern(table, entry, matcher, _only(matcher, rule.matchers))
        if rule.check is not None:
            _add_check(table, entry, rule.check)
    return table


def _only(pattern: Pattern, patterns: Sequence[Pattern]) -> bool:
    """Whether all patterns of a rule for nodes of a type are told by a name, as this one is: they keep their order."""
    alike = [each for each in patterns if each.root is pattern.root]
    return all(each.assigned or each.owner or each.called for each in alike)


def _add_pattern(table: Table, entry: Entry, pattern: Pattern, by_name: bool) -> None:
    rule: NodeRule = (entry, None, pattern)
    if isinstance(pattern.tree, ast.Attribute) and reveal(pattern.tree.attr) == pattern.tree.attr:
        table.attributes.setdefault(pattern.tree.attr, []).append(rule)
    elif pattern.assigned is not None and by_name:
        _add_keyed(table, ast.Assign, [pattern.assigned], rule)
    elif pattern.owner is not None and by_name:
        table.methods.setdefault(pattern.owner, []).append(rule)
    elif pattern.called is not None:
        _choice(table.calls, pattern.called, ast.Call).add(*rule)
    else:
        _choice(table.nodes, pattern.root, pattern.root).add(*rule)


def _add_keyed(table: Table, kind: type[ast.AST], names: Iterable[str], rule: NodeRule) -> None:
    rules = table.keyed.setdefault(kind, {})
    for name in names:
        rules.setdefault(name, []).append(rule)


def _choice(choices: dict[Any, Choice], key: object, kind: type[ast.AST]) -> Choice:
    found = choices.get(key)
    if found is None:
        found = choices[key] = Choice(kind)
    return found


def _add_node_check(table: Table, entry: Entry, check: NodeCheck, module: ModuleType) -> None:
    pairs, keys = getattr(module, "PAIRS", None), getattr(module, "KEYS", {})
    for kind in getattr(module, "NODES", ()):
        if kind in keys:
            _add_keyed(table, kind, keys[kind], (entry, check, None))
        elif pairs is None:
            shapes = getattr(module, "SHAPES", {})
            _choice(table.nodes, kind, kind).add(entry, check, None, shapes.get(kind))
        else:
            _choice(table.nodes, kind, kind).add_pairs(entry, check, pairs)
    for name in getattr(module, "CALLS", ()):
        _choice(table.calls, name, ast.Call).add(entry, check, None)


PACKAGE: Final = "backend_team.checks"


def _add_check(table: Table, entry: Entry, check_name: str) -> None:
    module = importlib.import_module(f"{PACKAGE}.{check_name.replace('-', '_')}")
    if (check := getattr(module, "check", None)) is not None:
        _add_node_check(table, entry, check, module)
    if (check := getattr(module, "check_scope", None)) is not None:
        kinds, wants = getattr(module, "SCOPES", _SCOPE_KINDS), getattr(module, "WANTS", ())
        for (kind, assigns, imports), checks in table.scopes.items():
            if kind in kinds and (assigns or "assignments" not in wants) and (imports or "imports" not in wants):
                checks.append((entry, check))
    if (check := getattr(module, "check_text", None)) is not None:
        table.texts.append((entry, check, getattr(module, "SIGNS", ("",))))
    if (check := getattr(module, "check_module", None)) is not None:
        table.modules.append((entry, check))
    if (check := getattr(module, "check_suppression", None)) is not None:
        table.suppressions.append((entry, check))
    if (check := getattr(module, "check_blocks", None)) is not None:
        table.wholes.append((entry, check))
