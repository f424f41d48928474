"""A rule and the set of all rules: plain data, read from YAML by `backend_team.rules.load`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from backend_team.findings import Safety, Severity, Tag
    from backend_team.rules.conditions import Condition
    from backend_team.rules.pattern import Pattern


@dataclass(frozen=True, slots=True)
class Replacement:
    """Replace the capture by a text in which `$X` stands for the text captured as `X`; an empty text deletes it.

    `needs` are the attributes of modules in the text that the pattern doesn't have, as (module, name): a fix imports
    the module where that is missing.
    """

    capture: str
    template: str
    needs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Example:
    """Code that shows the rule: `before` offends it and becomes `after` when it is fixed, `keep` does not offend it."""

    before: str | None = None
    after: str | None = None
    keep: str | None = None
    line: int = 0


@dataclass(frozen=True)
class Rule:
    """One YAML file: what is wrong, why, how it is found and how it is mended.

    A rule with a pattern can have several, each with its own fix: `pattern` and `fix` show them one a line. Without
    `default` it runs only where settings name it.
    """

    id: str
    title: str
    why: str
    severity: Severity
    safety: Safety
    category: str
    path: Path
    pattern: str | None = None
    check: str | None = None
    where: tuple[Condition, ...] = ()
    fix: str | None = None
    rewrite: str | None = None
    python: tuple[int, int] | None = None
    default: bool = True
    equivalents: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    matchers: tuple[Pattern, ...] = ()
    text: str = field(default="", repr=False)

    @cached_property
    def replacements(self) -> tuple[Replacement, ...]:
        """What its fixes replace; those apply whose capture a finding has."""
        differences = (matcher.difference for matcher in self.matchers)
        return tuple(each for found in differences if found is not None for each in found.replacements)

    @cached_property
    def examples(self) -> tuple[Example, ...]:
        """The examples; read when they are asked for, since most of a catalogue is examples. Raises `RuleError`."""
        from backend_team.rules.load import RuleFile

        return RuleFile(self.path, self.text).examples()

    def __reduce__(self) -> tuple[Callable[..., Rule], tuple[Any, ...]]:
        """Travels to another process as its text: compiled patterns don't."""
        from backend_team.rules.load import load_rule

        return load_rule, (self.path, self.text)

    @property
    def fixable(self) -> bool:
        """Whether the rule says how its findings are mended."""
        return self.fix is not None or self.rewrite is not None


class Outline(Protocol):
    """What decides whether a rule runs, which can be known before the rule is parsed."""

    @property
    def id(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def default(self) -> bool: ...
    @property
    def python(self) -> tuple[int, int] | None: ...
    @property
    def equivalents(self) -> tuple[str, ...]: ...


class RuleName(NamedTuple):
    """What settings and arguments call a rule by."""

    id: str
    category: str


@dataclass(frozen=True)
class RuleSet:
    """Rules by their id; `digest` is the hash of the files they were read from."""

    by_id: Mapping[str, Rule]
    digest: str

    @property
    def names(self) -> tuple[RuleName, ...]:
        """The names of all rules, which are known before the rules are."""
        return tuple(RuleName(rule.id, rule.category) for rule in self)

    @property
    def outlines(self) -> Iterable[Outline]:
        """What decides whether each rule runs."""
        return tuple(self)

    def __len__(self) -> int:
        return len(self.by_id)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.by_id.values())
