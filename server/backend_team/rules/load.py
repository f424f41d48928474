"""Read rules from YAML files; errors name file, line and column. Loading executes nothing."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, TypeVar, cast

import yaml

from backend_team.catalogue import catalogue_folder
from backend_team.errors import Place, RuleError
from backend_team.findings import Safety, Severity, Tag
from backend_team.rules.conditions import Condition, parse_condition
from backend_team.rules.difference import Difference
from backend_team.rules.model import Example, Rule, RuleSet
from backend_team.rules.pattern import Pattern, metavariables, parse
from backend_team.rules.texts import read_text, read_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from enum import StrEnum

    from backend_team.rules.texts import RuleTexts

KEYS: Final = (
    "id",
    "title",
    "why",
    "severity",
    "pattern",
    "check",
    "where",
    "fix",
    "rewrite",
    "safety",
    "python",
    "default",
    "equivalents",
    "tags",
    "examples",
)
REQUIRED: Final = ("id", "title", "why", "severity", "examples")
EXAMPLE_KEYS: Final = ("before", "after", "keep")
_EXAMPLES: Final = "\nexamples:\n"
_NO_EXAMPLES: Final = "\nexamples: []\n"
_ID: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PYTHON: Final = re.compile(r"3\.(\d+)")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST: Final = 20
_Name = TypeVar("_Name", bound="StrEnum")


def load_rules(folder: Path | None = None, extra: Sequence[Path] = ()) -> RuleSet:
    """All rules below the folder (the shipped catalogue when None) and below the extra folders.

    A rule of a later folder replaces the one of the same id. Raises `RuleError` for the first file that is wrong.
    """
    return parsed(read_texts([catalogue_folder("rules") if folder is None else folder, *extra]))


def parsed(texts: RuleTexts) -> RuleSet:
    """The rules in texts; raises `RuleError` for the first that is wrong."""
    rules: dict[str, Rule] = {}
    for folder in texts.folders:
        seen: dict[str, Path] = {}
        for path, text in folder:
            rule = load_rule(path, text)
            if rule.id in seen:
                RuleFile(path, text).fail(f'rule "{rule.id}" is already in {seen[rule.id]}', 0)
            seen[rule.id] = path
            rules[rule.id] = rule
    return RuleSet({name: rules[name] for name in sorted(rules)}, texts.digest)


def load_rule(path: Path, text: str | None = None) -> Rule:
    """One rule file; raises `RuleError`."""
    return RuleFile(path, read_text(path) if text is None else text).rule()


@cache
def check_names() -> tuple[str, ...]:
    """The names that `check:` can have: the modules of `checks/` that hold one."""
    folder = Path(__file__).resolve().parent.parent / "checks"
    return tuple(sorted(file.stem.replace("_", "-") for file in folder.glob("*.py") if _holds_check(file)))


def _holds_check(file: Path) -> bool:
    return "\ndef check" in file.read_text(encoding="utf-8")


@cache
def _shipped() -> str:
    return f"{catalogue_folder('rules')}{os.sep}"


class RuleFile:
    """A rule file while it is read."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self._is_shipped = str(path).startswith(_shipped())

    def fail(self, message: str, at: yaml.Node | yaml.Mark | int, hint: str | None = None) -> NoReturn:
        """Raise the `RuleError` about a place."""
        raise self.error(message, at, hint)

    def error(self, message: str, at: yaml.Node | yaml.Mark | int, hint: str | None = None) -> RuleError:
        """The error about a node, a mark or a line (from 0)."""
        length = 1
        if isinstance(at, yaml.Node):
            mark = at.start_mark
            end = at.end_mark
            length = end.column - mark.column if end.line == mark.line else 1
        elif isinstance(at, int):
            mark = yaml.Mark(str(self.path), 0, at, 0, None, 0)
        else:
            mark = at
        lines = self.text.split("\n")
        text = lines[mark.line] if mark.line < len(lines) else ""
        place = Place(str(self.path), mark.line + 1, mark.column + 1, max(1, length), text)
        return RuleError(message, place=place, hint=hint)

    def rule(self) -> Rule:
        """The rule in the file; of a shipped one, which our tests have seen, what is not needed at once is left out."""
        shipped = self._is_shipped and self.text.partition(_EXAMPLES)
        fields = self._mapping(self._compose(f"{shipped[0]}{_NO_EXAMPLES}" if shipped else self.text), KEYS, "key")
        for error in self._missing(fields):
            raise error
        name = self._id(fields["id"])
        for error in self._contradictions(fields):
            raise error
        fixable = "fix" in fields or "rewrite" in fields
        conditions = self._where(fields)
        if not shipped:
            self._examples(fields)
        return Rule(
            id=name,
            title=self._string(fields["title"]).strip(),
            why=self._string(fields["why"]).strip(),
            severity=self._member(fields["severity"], Severity),
            safety=self._member(fields["safety"], Safety) if fixable else Safety.NONE,
            category=self.path.parent.name,
            path=self.path,
            pattern=self._joined(fields, "pattern"),
            check=self._check(fields.get("check")),
            where=conditions,
            fix=self._joined(fields, "fix"),
            rewrite=self._optional(fields, "rewrite"),
            python=self._python(fields.get("python")),
            default=self._default(fields.get("default")),
            equivalents=tuple(self._string(node) for node in self._items(fields.get("equivalents"))),
            tags=tuple(self._member(node, Tag) for node in self._items(fields.get("tags"))),
            matchers=self._patterns(fields, conditions, not shipped),
            text=self.text,
        )

    def examples(self) -> tuple[Example, ...]:
        """The examples in the file."""
        return self._examples(self._mapping(self._compose(self.text), KEYS, "key"))

    def _examples(self, fields: dict[str, yaml.Node]) -> tuple[Example, ...]:
        return tuple(self._example(node) for node in self._items(fields["examples"]))

    def _missing(self, fields: dict[str, yaml.Node]) -> Iterator[RuleError]:
        """What every rule has and this one lacks."""
        for name in REQUIRED:
            if name not in fields:
                yield self.error(f'the key "{name}" is missing', 0)

    def _id(self, node: yaml.Node) -> str:
        name = self._string(node)
        if not _ID.fullmatch(name):
            self.fail(f'the id "{name}" is not of the form "else-after-return"', node)
        if self.path.stem != name:
            self.fail(f'the id "{name}" differs from the name of the file', node, "name the file after the rule")
        return name

    def _contradictions(self, fields: dict[str, yaml.Node]) -> Iterator[RuleError]:
        """Keys that don't go together, or not without one another."""
        if ("pattern" in fields) == ("check" in fields):
            yield self.error('a rule has either "pattern" or "check"', fields.get("check", 0))
        if "fix" in fields and "pattern" not in fields:
            yield self.error('"fix" needs a "pattern"; a check is fixed by a "rewrite"', fields["fix"])
        if "fix" in fields and "rewrite" in fields:
            yield self.error('a rule has either "fix" or "rewrite"', fields["rewrite"])
        fixable = "fix" in fields or "rewrite" in fields
        if fixable != ("safety" in fields):
            message = '"safety" belongs to a "fix" or a "rewrite", and either needs it'
            yield self.error(message, fields.get("safety", 0))

    def _compose(self, text: str) -> yaml.Node:
        try:
            if not self._is_shipped:  # ours are shallow
                self._refuse_depth()
            node = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            self.fail(str(error.problem or error.context), error.problem_mark or error.context_mark or 0)
        except yaml.YAMLError as error:
            self.fail(str(error), 0)
        if node is None:
            self.fail("the rule is empty", 0)
        return node

    def _refuse_depth(self) -> None:
        """Refuse what is nested deeper than any rule: composing it would overflow the stack."""
        depth = 0
        for event in yaml.parse(self.text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > _DEEPEST:
                    self.fail("this is nested too deeply for a rule", cast("yaml.Mark", event.start_mark))
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1

    def _mapping(self, node: yaml.Node, known: Sequence[str], what: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self.fail(f"here is a mapping expected: {', '.join(known)}", node)
        fields: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._string(key)
            if name not in known:
                near = get_close_matches(name, known, 1)
                self.fail(
                    f'unknown {what} "{name}"',
                    key,
                    f'did you mean "{near[0]}"?' if near else f"known: {', '.join(known)}",
                )
            if name in fields:
                self.fail(f'the {what} "{name}" is there twice', key)
            fields[name] = value
        return fields

    def _string(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.fail("here is a text expected", node)
        return cast("str", node.value)

    def _optional(self, fields: dict[str, yaml.Node], name: str) -> str | None:
        return self._string(fields[name]).strip() if name in fields else None

    def _joined(self, fields: dict[str, yaml.Node], name: str) -> str | None:
        if name not in fields:
            return None
        return "\n".join(self._string(node).strip() for node in self._texts(fields[name]))

    def _items(self, node: yaml.Node | None) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.fail("here is a list expected", node)
        return cast("list[yaml.Node]", node.value)

    def _member(self, node: yaml.Node, kind: type[_Name]) -> _Name:
        name = self._string(node)
        names = [member.value for member in kind]
        if name not in names:
            near = get_close_matches(name, names, 1)
            self.fail(
                f'unknown {kind.__name__.lower()} "{name}"',
                node,
                f'did you mean "{near[0]}"?' if near else f"known: {', '.join(names)}",
            )
        return kind(name)

    def _check(self, node: yaml.Node | None) -> str | None:
        if node is None:
            return None
        name = self._string(node)
        if not self._is_shipped and name not in check_names():
            near = get_close_matches(name, check_names(), 1)
            hint = f'did you mean "{near[0]}"?' if near else f"known: {', '.join(check_names())}"
            self.fail(f'unknown check "{name}"', node, hint)
        return name

    def _python(self, node: yaml.Node | None) -> tuple[int, int] | None:
        if node is None:
            return None
        found = _PYTHON.fullmatch(self._string(node))
        if found is None:
            self.fail('"python" is the oldest version the rule is for, as "3.10"', node)
        return (3, int(found[1]))

    def _default(self, node: yaml.Node | None) -> bool:
        if node is None:
            return True
        value = self._string(node)
        if value not in ("on", "off"):
            self.fail('"default" is "on" or "off"', node, "off: the rule runs only where settings name it")
        return value == "on"

    def _texts(self, node: yaml.Node | None) -> list[yaml.Node]:
        return [node] if isinstance(node, yaml.ScalarNode) else self._items(node)

    def _patterns(
        self, fields: dict[str, yaml.Node], conditions: Sequence[Condition], compiled: bool = True
    ) -> tuple[Pattern, ...]:
        """The patterns with their fixes; what is wrong with those that are not `compiled` comes out later."""
        patterns = self._texts(fields.get("pattern"))
        fixes = self._texts(fields.get("fix"))
        if fixes and len(fixes) != len(patterns):
            self.fail("there are not as many fixes as patterns", fields["fix"])
        meant = {each.metavariable: each.kind.rpartition(".")[2] for each in conditions if each.is_origin}
        matchers: list[Pattern] = []
        for number, node in enumerate(patterns):
            at = node
            text = self._string(node)
            try:
                tree = parse(text)
                difference: Difference | None = None
                if fixes:
                    at = fixes[number]
                    difference = Difference(tree, self._string(at), number)
                    if compiled:
                        self._refuse_fix(text, difference, at)
                matchers.append(Pattern(tree, difference, meant))
                if compiled:
                    matchers[-1].compile()
            except (SyntaxError, ValueError) as error:
                self.fail(f"this can't be parsed: {getattr(error, 'msg', error)}", at)
            except (RecursionError, MemoryError):
                self.fail("this is nested too deeply for a pattern", at)
        return tuple(matchers)

    def _refuse_fix(self, pattern: str, difference: Difference, at: yaml.Node) -> None:
        unknown = metavariables(self._string(at)) - metavariables(pattern)
        if unknown:
            self.fail(f"${min(unknown)} is not in the pattern", at)
        if not difference.replacements:
            self.fail("the fix is the same as the pattern", at)

    def _where(self, fields: dict[str, yaml.Node]) -> tuple[Condition, ...]:
        conditions = []
        for node in self._items(fields.get("where")):
            if "pattern" not in fields:
                self.fail('"where" needs a "pattern"', node)
            try:
                condition = parse_condition(self._string(node))
            except ValueError as error:
                self.fail(str(error), node)
            if condition.metavariable not in metavariables(self._joined(fields, "pattern") or ""):
                self.fail(f"${condition.metavariable} is not in the pattern", node)
            conditions.append(condition)
        return tuple(conditions)

    def _example(self, node: yaml.Node) -> Example:
        fields = self._mapping(node, EXAMPLE_KEYS, "key of an example")
        if ("keep" in fields) == ("before" in fields) or ("after" in fields and "before" not in fields):
            self.fail('an example has either "before" (and "after"), or "keep"', node)
        texts = {name: self._string(value) for name, value in fields.items()}
        return Example(texts.get("before"), texts.get("after"), texts.get("keep"), node.start_mark.line)
