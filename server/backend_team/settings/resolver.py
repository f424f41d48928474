"""Whose settings hold where: the nearest settings file of each file, read once."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from backend_team.settings.extending import on_top, settings_of, shown
from backend_team.settings.first_party import module_names
from backend_team.settings.model import Choice, Settings
from backend_team.settings.reading import OWN_FILE, PROJECT_FILE, SettingsFile
from backend_team.settings.ruff import Selection, file_in, selection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class _Found:
    """What the settings files at and above a folder come to, within its repository."""

    file: SettingsFile | None = None
    required: tuple[int, int] | None = None
    project: str | None = None  # the folder of the nearest pyproject.toml
    top: str | None = None  # the root of the repository
    ruff: Path | None = None  # the nearest file with settings of Ruff


class Resolver:
    """The settings of each file: those of the nearest settings file, with what was chosen for one run on top.

    `select` replaces what the files select, `extend_select` adds to it; both also end an `ignore` of the same name, and
    `select` one of the names in `despite` (the categories of what it selects), but not one for some paths only.
    `ignore` takes away whatever any file selects. `below` is what a person set, by the names of `Settings`: it holds
    where no file of the project says that key. A resolver stands for one run: what it
    has read it does not read again. It travels to other processes without what it has read.
    """

    def __init__(
        self,
        *,
        select: frozenset[str] | None = None,
        extend_select: frozenset[str] = frozenset(),
        ignore: frozenset[str] = frozenset(),
        despite: frozenset[str] = frozenset(),
        below: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self.select = select
        self.extend_select = extend_select
        self.ignore = ignore
        self.despite = frozenset() if select is None else despite
        self.below = below
        self._run = Choice(select, extend_select, ignore)
        self._found: dict[str, _Found] = {}
        self._loaded: dict[tuple[Path | None, Path | None, tuple[int, int] | None, tuple[str, ...]], Settings] = {}
        self._selections: dict[Path, Selection | None] = {}
        self._said: dict[Path, tuple[Settings, bool]] = {}
        self._folders: dict[str, Settings] = {}
        self._chosen: dict[tuple[int, tuple[int, ...]], Settings] = {}
        self._same: dict[tuple[Path | None, Settings], Settings] = {}

    def __reduce__(self) -> tuple[Callable[..., Resolver], tuple[object, ...]]:
        """Travels as its choices."""
        return _resolver, (self.select, self.extend_select, self.ignore, self.despite, dict(self.below))

    def of(self, path: str | os.PathLike[str]) -> Settings:
        """The settings of a file, `per_path` applied; equal ones are one object. Raises `SettingsError`."""
        name = os.fspath(path)
        folder = os.path.dirname(name)  # noqa: PTH120 - asked for every file: Path takes ten times as long
        settings = self._folders.get(folder)
        if settings is None:
            settings = self._folders[folder] = self.in_folder(folder)
        key: tuple[int, tuple[int, ...]] = (id(settings), ())
        if settings.per_path:
            below = Path(os.path.relpath(name, settings.root)).parts
            key = (key[0], tuple(n for n, one in enumerate(settings.per_path) if one.holds(below)))
        chosen = self._chosen.get(key)
        if chosen is None:
            chosen = self._choose(settings, key[1])
            chosen = self._chosen[key] = self._same.setdefault((chosen.root, chosen), chosen)
        return chosen

    def in_folder(self, folder: str | os.PathLike[str]) -> Settings:
        """What the files say for a folder: `per_path` and the run's choices are not applied. Raises `SettingsError`."""
        found = self._look(os.path.abspath(folder))  # noqa: PTH100 - Path.absolute() keeps `..`
        top = None if found.top is None else Path(found.top)
        if found.file is None:
            settings, versioned = on_top(Settings(), self.below), False
        else:
            if found.file.path not in self._said:
                self._said[found.file.path] = settings_of(found.file, top, self.below)
            settings, versioned = self._said[found.file.path]
        roots = self._roots(settings, found)
        ruff = None if settings.stand_down == "never" else found.ruff
        file = found.file.path if found.file is not None else None
        key = (file, ruff, None if versioned else found.required, roots)
        if key not in self._loaded:
            version = settings.target_version if versioned or found.required is None else found.required
            checked = self._selection(ruff, top)
            loaded = replace(settings, target_version=version, modules=module_names(roots), ruff=checked)
            self._loaded.setdefault(key, loaded)  # what is there stays: `of` knows it by its identity
        return self._loaded[key]

    def _selection(self, path: Path | None, top: Path | None) -> Selection | None:
        """What Ruff checks by a settings file of its own."""
        if path is not None and path not in self._selections:
            self._selections[path] = selection(path, top)
        return None if path is None else self._selections[path]

    @property
    def applied(self) -> tuple[Settings, ...]:
        """The settings that files had so far, as `of` gives them."""
        return tuple(self._same.values())

    @property
    def loaded(self) -> tuple[Settings, ...]:
        """The settings read so far, as `in_folder` gives them."""
        return tuple(self._loaded.values())

    def _roots(self, settings: Settings, found: _Found) -> tuple[str, ...]:
        """The folders of first-party modules."""
        if settings.src is not None and settings.root is not None:
            return tuple(os.path.join(settings.root, folder) for folder in settings.src)  # noqa: PTH118
        bases = [os.fspath(settings.root) if settings.root is not None else found.project or found.top, found.project]
        return tuple(
            dict.fromkeys(place for base in bases if base is not None for place in (base, os.path.join(base, "src")))  # noqa: PTH118
        )

    def _choose(self, settings: Settings, paths: tuple[int, ...]) -> Settings:
        chosen = self._run.over(replace(settings, ignore=settings.ignore - self.despite))
        for number in paths:
            chosen = settings.per_path[number].choice.over(chosen)
        select, extended = chosen.select, chosen.extend_select | self.extend_select
        if self.select is not None:
            select, extended = self.select, self.extend_select
        return replace(chosen, select=select, extend_select=extended, ignore=chosen.ignore | self.ignore, per_path=())

    def _look(self, folder: str) -> _Found:
        """Climb until something is known, to the root of the repository at most, and come down again."""
        climbed = []
        place = folder
        found = _Found()
        while True:
            if (known := self._found.get(place)) is not None:
                found = known
                break
            climbed.append(place)
            if os.path.lexists(os.path.join(place, ".git")):  # noqa: PTH118 - a file in worktrees and submodules
                found = _Found(top=place)
                break
            above = os.path.dirname(place)  # noqa: PTH120
            if above == place:
                break
            place = above
        for place in reversed(climbed):
            found = self._found[place] = _below(found, place)
        return found


def _below(above: _Found, folder: str) -> _Found:
    """What holds in a folder, from what holds above it and its own files."""
    project = _read(folder, PROJECT_FILE, above.top)
    own = _read(folder, OWN_FILE, above.top)
    ruff = file_in(folder, None if project is None else project.document)
    if project is None and own is None and ruff is None:
        return above
    file = own or (project if project is not None and project.has_settings else above.file)
    required = None if project is None else project.required_python
    place = folder if project is not None else above.project
    return _Found(file, required or above.required, place, above.top, ruff or above.ruff)


def _read(folder: str, name: str, top: str | None) -> SettingsFile | None:
    path = os.path.join(folder, name)  # noqa: PTH118 - two looks for every folder of a tree
    if not os.path.isfile(path):  # noqa: PTH113
        return None
    return SettingsFile.read(Path(path), shown(Path(path), None if top is None else Path(top)))


def _resolver(
    select: frozenset[str] | None,
    extend_select: frozenset[str],
    ignore: frozenset[str],
    despite: frozenset[str],
    below: Mapping[str, Any],
) -> Resolver:
    return Resolver(select=select, extend_select=extend_select, ignore=ignore, despite=despite, below=below)
