"""`Settings`: what a project chose, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from backend_team.settings.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from backend_team.settings.ruff import Selection

ALL: Final = "all"
SEVERITIES: Final = ("error", "warning", "information", "hint")
STAND_DOWN: Final = ("auto", "never")


@dataclass(frozen=True)
class Choice:
    """Which rules run, and how loud they are: a part of the settings, of one kind of path, or of one run.

    `select` names the rules (ids, categories, "all") that run, None means those that are on by default;
    `extend_select` adds rules, `ignore` takes rules away again. `severity` maps a rule to the name of a severity.
    """

    select: frozenset[str] | None = None
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, str] = field(default_factory=dict, hash=False)

    def over(self, settings: Settings) -> Settings:
        """The settings with this choice made on top of theirs: what it selects is no longer ignored."""
        asked = self.extend_select if self.select is None else self.select | self.extend_select
        return replace(
            settings,
            select=settings.select if self.select is None else self.select,
            extend_select=self.extend_select | (settings.extend_select if self.select is None else frozenset()),
            ignore=(settings.ignore - asked) | self.ignore,
            severity={**settings.severity, **self.severity} if self.severity else settings.severity,
        )


@dataclass(frozen=True)
class PathChoice:
    """What is chosen for the files that a pattern of `.gitignore` names, relative to the root; `!` turns it round."""

    pattern: str
    choice: Choice

    @cached_property
    def _compiled(self) -> Pattern | None:
        return Pattern.parse(self.pattern)

    def holds(self, path: Sequence[str]) -> bool:
        """Whether it is about a file, given by the names of its path below the root."""
        pattern = self._compiled
        return pattern is not None and pattern.matches(path, within=True) != pattern.negated

    def __reduce__(self) -> tuple[type[PathChoice], tuple[str, Choice]]:
        """Travels without what it compiled."""
        return PathChoice, (self.pattern, self.choice)


@dataclass(frozen=True)
class Settings:
    """What a project chose; which rules run as in `Choice`.

    `per_path` is what it chose for some of its files. `exclude` holds patterns of `.gitignore`, relative to `root`.
    `target_version` is the oldest Python the code must run on. `src` are the folders that hold first-party modules,
    relative to `root`, None means `root` and its `src`; `modules` are the names of the modules found there. `baseline`
    is the file of the findings that are known. `stand_down` says whether rules leave to Ruff what it checks here;
    `ruff` is what that is, None where they don't. `root` is the folder of the settings file; `files` are that file and
    those it extends.
    """

    select: frozenset[str] | None = None
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, str] = field(default_factory=dict, hash=False)
    per_path: tuple[PathChoice, ...] = ()
    exclude: tuple[str, ...] = ()
    target_version: tuple[int, int] = (3, 11)
    max_complexity: int = 10
    max_branches: int = 12
    max_arguments: int = 7
    max_statements: int = 50
    max_returns: int = 6
    max_nesting: int = 5
    src: tuple[str, ...] | None = None
    modules: frozenset[str] = frozenset()
    baseline: Path | None = None
    stand_down: str = "auto"
    ruff: Selection | None = None
    root: Path | None = field(default=None, compare=False)
    files: tuple[Path, ...] = field(default=(), compare=False)

    @classmethod
    def load(cls, folder: Path) -> Settings:
        """The settings that hold in a folder: from the nearest settings file, at most up to the repository's root.

        A `target-version` that is not set follows `requires-python` of the nearest `pyproject.toml`. Raises
        `SettingsError` for anything that is not understood.
        """
        from backend_team.settings.resolver import Resolver

        return Resolver().in_folder(folder)

    @cached_property
    def digest(self) -> str:
        """The hash of all that decides what is found in a text."""
        parts = [
            f"{one.name}={_canonical(getattr(self, one.name))}" for one in fields(self) if one.name not in _ELSEWHERE
        ]
        return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def first_party(self, module: str) -> bool:
        """Whether a module, `shop` or `shop.cart`, is the project's own."""
        return module.partition(".")[0] in self.modules


DEFAULT: Final = Settings()

_ELSEWHERE: Final = frozenset(
    {"baseline", "exclude", "files", "root", "src", "stand_down"}
)  # they decide which files, which findings


def _canonical(value: object) -> str:
    """A text that is the same for equal values in every process: sets have an order of their own in each."""
    if isinstance(value, dict):
        return repr(sorted(value.items()))
    if isinstance(value, frozenset):
        return repr(sorted(value))
    if isinstance(value, tuple):
        return f"({', '.join(map(_canonical, value))})"
    if isinstance(value, (PathChoice, Choice)):
        return _canonical(tuple(getattr(value, one.name) for one in fields(value)))
    return repr(value)
