"""Settings files read: TOML to values, each checked, with the place of what is wrong."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from backend_team.errors import Place, SettingsError
from backend_team.settings import places
from backend_team.settings.model import Choice, PathChoice
from backend_team.settings.shapes import OF_FILES, OF_PATHS, WrongShape

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backend_team.settings.shapes import Shape

    Version = tuple[int, int]

OWN_FILE: Final = "backend-team.toml"
PROJECT_FILE: Final = "pyproject.toml"
TABLE: Final = ("tool", "backend-team")
LARGEST: Final = 1_000_000  # bytes; the largest of the settings files of a thousand projects has a tenth


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A settings file that is valid TOML; `name` is how messages call it, `table` where in it our settings are."""

    path: Path
    name: str
    text: str
    document: Mapping[str, Any]
    table: tuple[str, ...]

    @classmethod
    def read(cls, path: Path, name: str) -> SettingsFile | None:
        """Read a file; None for a project file that is unreadable as TOML and doesn't speak of us."""
        try:
            content = _content(path)
        except OSError as error:
            raise SettingsError(f"{name} can't be read: {error.strerror or error}") from None
        return cls.of(path, name, content)

    @classmethod
    def of(cls, path: Path, name: str, content: bytes) -> SettingsFile | None:
        """The settings file with this content, which an editor may hold; None as for `read`."""
        project = path.name == PROJECT_FILE
        try:
            if len(content) > LARGEST:
                raise SettingsError(f"{name} is too large for settings: {len(content):,} bytes")
            text, document = _parse(content, name)
        except SettingsError:
            # Somebody else's file, a fixture of a test perhaps: other tools will complain where it matters.
            if project and TABLE[-1].encode() not in content:
                return None
            raise
        return cls(path, name, text, document, TABLE if project else ())

    @property
    def has_settings(self) -> bool:
        """Whether it has a table for us; a file of our own always is one."""
        return not self.table or TABLE[-1] in _table(self.document.get(TABLE[0]))

    @property
    def required_python(self) -> Version | None:
        """The oldest Python that `requires-python` of a project allows."""
        wanted = _table(self.document.get("project")).get("requires-python")
        found = re.search(r"(?:>=|~=|==|>)\s*3\.(\d{1,3})", wanted) if isinstance(wanted, str) else None
        return (3, int(found[1])) if found else None

    def error(self, message: str, hint: str | None = None, *keys: str, value: str | None = None) -> SettingsError:
        """The error about a key, or about a string below it, with the line where it stands."""
        return SettingsError(message, place=self.place(*keys, value=value), hint=hint)

    def place(self, *keys: str, value: str | None = None) -> Place:
        """Where a key of our table, or a string below it, stands."""
        return places.find(self.text, self.name, (*self.table, *keys), value)

    def values(self) -> dict[str, Any]:
        """What the file says, by the names of `Settings`, each of its shape; `extend` too."""
        table: Any = self.document
        for key in self.table:
            table = table.get(key)
        if not isinstance(table, dict):
            raise self.error(f'"{".".join(self.table)}" must be a table')
        return self._checked(table, OF_FILES)

    def _checked(self, table: Mapping[str, Any], shapes: Mapping[str, Shape], *above: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in table.items():
            shape = shapes.get(key)
            if shape is None:
                near = get_close_matches(key, shapes, n=1, cutoff=0.5)
                hint = f'did you mean "{near[0]}"?' if near else ""
                inside = f" of {above[0]}" if above else ""
                every = f"{hint}\n   all settings{inside}: {', '.join(shapes)}"
                raise self.error(f'unknown setting "{key}"{inside}', every, *above, key)
            try:
                values[key.replace("-", "_")] = shape(value)
            except WrongShape as wrong:
                message = f'setting "{key}" {wrong}'
                raise self.error(message, wrong.hint, *above, key, *wrong.keys, value=wrong.value) from None
        if "per_path" in values:
            values["per_path"] = tuple(
                PathChoice(pattern, Choice(**self._checked(inner, OF_PATHS, *above, "per-path", pattern)))
                for pattern, inner in values["per_path"].items()
            )
        return values


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(LARGEST + 1)


def _parse(content: bytes, name: str) -> tuple[str, dict[str, Any]]:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{name} is not UTF-8: byte 0x{content[error.start]:02x} in line {line}"
        raise SettingsError(message, hint="save it as UTF-8") from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        message = str(error)[: where.start()] if where else str(error)
        lines = text.split("\n")
        line, column = (int(where[1]), int(where[2])) if where and where[1] else (len(lines), len(lines[-1]) + 1)
        place = Place(name, line, column, 1, lines[min(line, len(lines)) - 1])
        raise SettingsError(f"invalid TOML: {message[:1].lower()}{message[1:]}", place=place) from None
    except RecursionError:
        raise SettingsError(f"{name} is nested too deeply") from None
    except ValueError as error:  # a number of thousands of digits, a date that is none
        raise SettingsError(f"{name} has a value that can't be read: {error}") from None


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
