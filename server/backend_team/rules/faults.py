"""Everything that is wrong with a rule file, where `load` stops at the first: for whoever is writing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from backend_team.errors import RuleError
from backend_team.findings import Safety, Severity, Tag
from backend_team.rules.load import KEYS, RuleFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Fields = dict[str, yaml.Node]


def faults(path: Path, text: str) -> list[RuleError]:
    """The errors of a rule file in the order of their places; none means that it can be loaded."""
    return _Faults(path, text).all()


class _Faults(RuleFile):
    """A rule file whose parts are read one by one, each whatever the others are."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(path, text)
        self.found: list[RuleError] = []

    def all(self) -> list[RuleError]:
        """Every error."""
        try:
            self._refuse_depth()
            root = self._compose(self.text)
        except RuleError as error:
            return [error]
        except yaml.YAMLError:  # the depth could not be told: composing says why
            return self._first()
        if not isinstance(root, yaml.MappingNode):
            return self._first()
        fields = self._fields(root)
        self.found += [*self._missing(fields), *self._contradictions(fields)]
        for read in self._parts(fields):
            self._attempt(read)
        if not self.found:  # what only the whole shows
            self._attempt(self.rule)
        unique = {(error.message, error.place): error for error in self.found}
        return sorted(unique.values(), key=lambda one: (one.place.line, one.place.column) if one.place else (0, 0))

    def _first(self) -> list[RuleError]:
        self._attempt(self.rule)
        return self.found

    def _attempt(self, read: Callable[[], object]) -> None:
        try:
            read()
        except RuleError as error:
            self.found.append(error)

    def _fields(self, root: yaml.MappingNode) -> Fields:
        """The keys that are keys, each once."""
        fields: Fields = {}
        for key, value in root.value:
            try:
                found = self._mapping(yaml.MappingNode(root.tag, [(key, value)]), KEYS, "key")
                if found.keys() & fields.keys():
                    self.fail(f'the key "{key.value}" is there twice', key)
            except RuleError as error:
                self.found.append(error)
            else:
                fields |= found
        return fields

    def _parts(self, fields: Fields) -> Iterator[Callable[[], object]]:
        """Each part of the rule as something that reads it."""
        single: dict[str, Callable[[yaml.Node], object]] = {
            "id": self._id,
            "title": self._string,
            "why": self._string,
            "severity": lambda node: self._member(node, Severity),
            "safety": lambda node: self._member(node, Safety),
            "check": self._check,
            "rewrite": self._string,
            "python": self._python,
            "default": self._default,
        }
        several: dict[str, Callable[[yaml.Node], object]] = {
            "where": lambda node: self._where({**fields, "where": _list_of(node)}),
            "equivalents": self._string,
            "tags": lambda node: self._member(node, Tag),
            "examples": self._example,
        }
        for name, node in fields.items():
            if name in single:
                yield _reading(single[name], node)
            elif name in several:
                yield _reading(self._items, node)
                for one in node.value if isinstance(node, yaml.SequenceNode) else ():
                    yield _reading(several[name], one)
        yield from self._pairs(fields)

    def _pairs(self, fields: Fields) -> Iterator[Callable[[], object]]:
        """Each pattern with its fix."""
        for name in ("pattern", "fix"):
            if name in fields:
                yield _reading(self._texts, fields[name])
        patterns, fixes = _nodes(fields.get("pattern")), _nodes(fields.get("fix"))
        if fixes and len(fixes) != len(patterns):
            yield _reading(lambda whole: self._patterns(whole, ()), fields)
            fixes = []
        for number, pattern in enumerate(patterns):
            pair = {"pattern": pattern} | ({"fix": fixes[number]} if fixes else {})
            yield _reading(lambda one: self._patterns(one, ()), pair)


def _reading(read: Callable[..., object], argument: object) -> Callable[[], object]:
    return lambda: read(argument)


def _nodes(node: yaml.Node | None) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    return [] if node is None else [node]


def _list_of(node: yaml.Node) -> yaml.SequenceNode:
    return yaml.SequenceNode("tag:yaml.org,2002:seq", [node])
