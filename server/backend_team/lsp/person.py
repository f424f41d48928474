"""The person's own settings of rules, `backendTeam.lint` of the editor: checked, and held below those of a project."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, Literal

from backend_team.settings import unknown_name
from backend_team.settings.shapes import OF_FILES, WrongShape

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Mapping

    from backend_team.lsp.wire import Wire
    from backend_team.rules.model import RuleName

Way = Literal["asked", "pushed", "start"]

SECTION: Final = "backendTeam"
WAYS: Final[tuple[Way, ...]] = ("asked", "pushed", "start")  # how settings come; each counts before the next
_OF_PROJECTS: Final = frozenset({"baseline", "exclude", "extend", "per-path", "src"})  # they name files of a project
SHAPES: Final = {key: shape for key, shape in OF_FILES.items() if key not in _OF_PROJECTS}
_LISTS: Final = ("select", "extend-select", "ignore")


class Person:
    """What the editor says, as it says it: for all folders, and for each; and what was told of it."""

    def __init__(self) -> None:
        self.said: dict[Way, Any] = {}
        self.folders: dict[str, Any] = {}
        self.applied: dict[str | None, Any] = {}  # what folders are judged by
        self.asking: asyncio.Task[Any] | None = None
        self._told: set[str] = set()

    def chosen(self, key: str) -> Any:
        """What is set for all folders under a key, None: nothing; what was asked for is all there is."""
        for way in WAYS:
            said = self.said.get(way)
            if isinstance(said, dict) and (way == "asked" or said.get(key) is not None):
                return said.get(key)
        return None

    def lint(self, uri: str | None) -> Any:
        """What is set for a folder; None: for files of no folder."""
        common = self.chosen("lint")
        return common if uri is None else self.folders.get(uri, common)

    def tell(self, wire: Wire, wrong: Iterable[str]) -> None:
        """Say what is wrong, each once."""
        for text in wrong:
            if text not in self._told:
                self._told.add(text)
                wire.show(text, wire.WARNING)


def checked(lint: Any, names: Iterable[RuleName]) -> tuple[dict[str, Any], list[str]]:
    """The settings by the names of `Settings`, and a sentence about each that is wrong and left out."""
    values: dict[str, Any] = {}
    wrong: list[str] = []
    if lint is not None and not isinstance(lint, dict):
        return values, [f"{SECTION}.lint must be an object"]
    rules = list(names)
    for key, value in (lint or {}).items():
        name = re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", key)
        if name not in SHAPES:
            near = get_close_matches(name, SHAPES, 1)
            hint = f"; did you mean {SECTION}.lint.{_camel(near[0])}?" if near else ""
            wrong.append(f"there is no setting {SECTION}.lint.{key}{hint}")
        elif value is not None:
            try:
                found = SHAPES[name](value)
            except WrongShape as error:
                wrong.append(f"{SECTION}.lint.{key} {error}" + (f", {error.hint}" if error.hint else ""))
                continue
            found, unknown = _of_rules(name, found, rules)
            wrong += [f"{SECTION}.lint.{key}: {one}" for one in unknown]
            if found or name != "select":  # nothing but names that are none: nothing was chosen
                values[name.replace("-", "_")] = found
    return values, wrong


def _of_rules(key: str, value: Any, rules: list[RuleName]) -> tuple[Any, list[str]]:
    """The value without names of no rule, and what is wrong with these."""
    if key not in (*_LISTS, "severity"):
        return value, []
    errors = {name: unknown_name(name, rules, only_rules=key == "severity") for name in sorted(value)}
    wrong = [f"{one.message}; {one.hint}" for one in errors.values() if one is not None]
    if key == "severity":
        severities: Mapping[str, str] = value
        return {rule: how for rule, how in severities.items() if errors[rule] is None}, wrong
    return frozenset(name for name in value if errors[name] is None), wrong


def _camel(key: str) -> str:
    return re.sub(r"-(\w)", lambda letter: letter[1].upper(), key)
