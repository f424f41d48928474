"""Settings files on top of one another: `extend = "../backend-team.toml"`."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from backend_team.settings.model import Choice, Settings
from backend_team.settings.reading import TABLE, SettingsFile
from backend_team.settings.shapes import OF_PATHS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backend_team.errors import SettingsError

DEEPEST: Final = 10  # files that extend one another
_OF_RULES: Final = tuple(key.replace("-", "_") for key in OF_PATHS)


def settings_of(
    file: SettingsFile, top: Path | None, below: Mapping[str, Any] = MappingProxyType({})
) -> tuple[Settings, bool]:
    """What a file says on top of the files it extends, and whether any of them says `target-version`.

    Patterns and folders count from the folder of the file itself. `top` is the root of the repository; nothing
    outside is read. `below` is what holds where none of them says it, by the names of `Settings`.
    """
    root = file.path.parent
    layers = _layers(file, top)
    said = {key for _, values in layers for key in values} - {"severity"}  # of severities each is said for itself
    settings = on_top(
        Settings(root=root, files=tuple(one.path for one, _ in layers)),
        {key: value for key, value in below.items() if key not in said},
    )
    versioned = False
    for one, values in reversed(layers):
        versioned = versioned or "target_version" in values
        if "baseline" in values:
            values["baseline"] = root / values["baseline"]
            if not _is_within(values["baseline"], top or root):  # it is written, too
                raise one.error('setting "baseline" leads outside of the project', None, "baseline")
        settings = on_top(settings, values)
    return settings, versioned


def on_top(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """The settings with values, by their names, on top."""
    choice = Choice(**{key: values[key] for key in _OF_RULES if key in values})
    others = {key: value for key, value in values.items() if key not in _OF_RULES}
    for key in ("exclude", "per_path"):
        others[key] = getattr(settings, key) + others.get(key, ())
    return choice.over(replace(settings, **others))


def _layers(file: SettingsFile, top: Path | None) -> list[tuple[SettingsFile, dict[str, Any]]]:
    """The file and those it extends with their values, the nearest first."""
    layers = [(file, file.values())]
    while (wanted := layers[-1][1].pop("extend", None)) is not None:
        found = _next([one for one, _ in layers], wanted, top)
        layers.append((found, found.values()))
    return layers


def _next(chain: list[SettingsFile], wanted: str, top: Path | None) -> SettingsFile:
    """The file that the last of a chain extends."""
    last = chain[-1]

    def refused(why: str, hint: str | None = None) -> SettingsError:
        return last.error(f'setting "extend" {why}', hint, "extend")

    try:
        path = (last.path.parent / wanted).resolve()
        inside = top is None or _is_within(path, top)
        exists = path.is_file()
    except (OSError, RuntimeError):  # a loop of links
        raise refused("leads nowhere") from None
    if path.suffix != ".toml":
        raise refused("must name a .toml file", 'for example "../backend-team.toml"')
    if not inside:
        raise refused("leads outside of the repository")
    if not exists:
        raise refused(f'names no file: "{wanted}"')
    name = shown(path, top)
    route = " → ".join([*(one.name for one in chain), name])
    if path in {one.path.resolve() for one in chain}:
        raise refused(f"leads in a circle: {route}")
    if len(chain) == DEEPEST:
        raise refused(f"is followed through {DEEPEST} files at most: {route}")
    found = SettingsFile.read(path, name)
    if found is None or not found.has_settings:
        raise refused(f"names {name}, which has no table [{'.'.join(TABLE)}]")
    return found


def _is_within(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False


def shown(path: Path, top: Path | None) -> str:
    """How messages call a settings file: by its place in the repository."""
    for base in () if top is None else (top, top.resolve()):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return str(path)
