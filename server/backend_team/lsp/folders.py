"""Folders of the workspace: what holds in each, read from its files and from what the person set."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backend_team.analysis.engine import engine_for
from backend_team.errors import BackendTeamError, SettingsError
from backend_team.lsp.person import checked
from backend_team.rules.load import load_rules
from backend_team.settings import Resolver, Settings, unknown_names
from backend_team.workspace.baseline import Baseline

if TYPE_CHECKING:
    from backend_team.rules.model import RuleSet

OWN_RULES: Final = Path(".backend-team") / "rules"


@dataclass(frozen=True, slots=True)
class Folder:
    """A workspace folder with what holds in it; `path` None: files of no folder.

    `settings` are those of the folder itself; the resolver knows those of each file in it.
    """

    path: Path | None
    settings: Settings
    rules: RuleSet
    resolver: Resolver
    baseline: Baseline | None = None  # the findings that are known, when the settings name a file of them

    def of(self, path: Path | None) -> Settings:
        """The settings of a file; those of the folder where the files that say can't be read."""
        if path is None:
            return self.settings
        try:  # a file of no folder is seldom asked for, and nobody watches what is around it
            return (self.resolver if self.path is not None else Resolver(below=self.resolver.below)).of(path)
        except SettingsError:
            return self.settings


@dataclass(frozen=True, slots=True)
class Loaded:
    """A folder as its files say, and what could not be read of them."""

    folder: Folder
    errors: list[BackendTeamError]
    wrong: list[str]  # what is wrong with the person's settings


def load(path: Path, before: Folder, shipped: RuleSet, lint: Any) -> Loaded:
    """Read settings and rules; what can't be read stays as it was. `lint` is what the person set."""
    settings, rules, baseline = before.settings, before.rules, before.baseline
    errors: list[BackendTeamError] = []
    own = path / OWN_RULES
    try:
        rules = load_rules(extra=[own]) if os.path.isdir(own) else shipped  # noqa: PTH112 - Path.is_dir raises where it can't look
    except BackendTeamError as error:
        errors.append(error)
    values, wrong = checked(lint, rules.names)
    resolver = Resolver(below=values)
    try:
        settings = resolver.in_folder(path)
    except BackendTeamError as error:
        errors.append(error)
    errors += unknown_names(settings, rules)
    try:
        baseline = Baseline.load(settings.baseline) if settings.baseline is not None else None
    except BackendTeamError as error:
        errors.append(error)
    engine_for(rules, settings)  # kept for the first document
    return Loaded(Folder(path, settings, rules, resolver, baseline), errors, wrong)
