"""What a command works on: files, rules and settings, as arguments and settings files choose them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.errors import BackendTeamError
from backend_team.rules.texts import RulesOnDemand
from backend_team.settings import Resolver, Settings, unknown_name, unknown_names
from backend_team.workspace.discovery import python_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from backend_team.rules.model import RuleSet


@dataclass(frozen=True, slots=True)
class Chosen:
    """The files of a command and how they are judged: each by what `resolver` gives for it.

    `settings` are those of the folder that holds all the paths, with what the arguments choose.
    """

    paths: tuple[Path, ...]
    rules: RuleSet
    settings: Settings
    resolver: Resolver

    def files(self) -> Iterator[Path]:
        """The Python files, each once; raises `SettingsError` when the settings of one are wrong."""
        checked = 0
        for path in python_files(self.paths, self.resolver):
            self.resolver.of(path)
            if len(self.resolver.loaded) > checked:
                for settings in self.resolver.loaded[checked:]:
                    refuse_unknown(settings, self.rules)
                checked = len(self.resolver.loaded)
            yield path


def chosen(options: argparse.Namespace) -> Chosen:
    """Read settings and rules of the folder that holds all the paths; raises for anything that is wrong."""
    paths = tuple(Path(path) for path in options.paths or ["."])
    for path in paths:
        if not os.path.lexists(path):
            raise BackendTeamError(f"{path} does not exist")
    try:
        common = Path(os.path.commonpath([path.absolute() for path in paths]))
    except ValueError:  # on two drives
        common = Path.cwd()
    folder = common if common.is_dir() else common.parent
    settings = Settings.load(folder)
    own = (settings.root or folder) / ".backend-team" / "rules"
    rules = RulesOnDemand([own] if own.is_dir() else [])
    refuse_unknown(settings, rules)
    select = _named(options.select, rules) if options.select else None
    if select is not None and not select:
        raise BackendTeamError("--select names no rule", hint="leave it out for those that are on by default")
    resolver = Resolver(
        select=select,
        extend_select=_named(getattr(options, "extend_select", None) or [], rules),
        ignore=_named(options.ignore or [], rules),
        despite=frozenset(one.category for one in rules.names if select is not None and one.id in select),
    )
    return Chosen(paths, rules, resolver.of(folder / "*"), resolver)


def refuse_unknown(settings: Settings, rules: RuleSet) -> None:
    """Raise the `SettingsError` of the first name in settings files that no rule has."""
    for error in unknown_names(settings, rules.names):
        raise error


def _named(values: list[str], rules: RuleSet) -> frozenset[str]:
    names = frozenset(name.strip() for value in values for name in value.split(",") if name.strip())
    for name in sorted(names):
        if (error := unknown_name(name, rules.names)) is not None:
            raise error
    return names
