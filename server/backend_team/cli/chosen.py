"""What a command works on: files, rules and settings, as arguments and settings files choose them."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.errors import BackendTeamError
from backend_team.rules.load import load_rules
from backend_team.settings import Settings
from backend_team.workspace.discovery import python_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Iterator

    from backend_team.rules.model import RuleSet


@dataclass(frozen=True, slots=True)
class Chosen:
    """The files of a command and how they are judged."""

    paths: tuple[Path, ...]
    rules: RuleSet
    settings: Settings

    def files(self) -> Iterator[Path]:
        """The Python files, each once."""
        return python_files(self.paths, self.settings)


def chosen(options: argparse.Namespace) -> Chosen:
    """Read settings and rules of the folder that holds all the paths; raises for anything that is wrong."""
    paths = tuple(Path(path) for path in options.paths or ["."])
    for path in paths:
        if not path.exists():
            raise BackendTeamError(f"{path} does not exist")
    common = Path(os.path.commonpath([path.absolute() for path in paths]))
    folder = common if common.is_dir() else common.parent
    settings = Settings.load(folder)
    own = (settings.root or folder) / ".backend-team" / "rules"
    rules = load_rules(extra=[own] if own.is_dir() else [])
    _refuse_unknown({*(settings.select or ()), *settings.ignore, *settings.severity}, rules, "the settings name it")
    if options.select:
        settings = replace(settings, select=_named(options.select, rules))
    if options.ignore:
        settings = replace(settings, ignore=settings.ignore | _named(options.ignore, rules))
    return Chosen(paths, rules, settings)


def _named(values: list[str], rules: RuleSet) -> frozenset[str]:
    names = frozenset(name.strip() for value in values for name in value.split(",") if name.strip())
    _refuse_unknown(names, rules)
    return names


def _refuse_unknown(names: Collection[str], rules: RuleSet, where: str = "") -> None:
    known = [*rules.by_id, *{rule.category for rule in rules}]
    for name in sorted(names):
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f'did you mean "{near[0]}"?' if near else "backend-team rules list shows them all"
            said = f'there is no rule or category "{name}"'
            raise BackendTeamError(f"{said}; {where}" if where else said, hint=hint)
