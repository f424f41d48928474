"""Settings: one frozen `Settings`, from `backend-team.toml` or the table `[tool.backend-team]` of `pyproject.toml`."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from backend_team.errors import Place, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

OWN_FILE: Final = "backend-team.toml"
PROJECT_FILE: Final = "pyproject.toml"
TABLE: Final = "tool.backend-team"
SEVERITIES: Final = ("error", "warning", "information", "hint")


@dataclass(frozen=True)
class Settings:
    """What a project chose.

    `select` names the rules (ids, categories, "all") that run, None means those that are on by default;
    `extend_select` adds rules, `ignore` takes rules away again. `severity` maps a rule to the name of a severity.
    `exclude` holds patterns of `.gitignore`, relative to `root`. `target_version` is the oldest Python the code must
    run on. `modules` are the names of the top-level modules in the first-party roots `src`. `root` is the folder of
    the file that was read.
    """

    select: frozenset[str] | None = None
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, str] = field(default_factory=dict, hash=False)
    exclude: tuple[str, ...] = ()
    target_version: tuple[int, int] = (3, 11)
    max_complexity: int = 10
    max_branches: int = 12
    max_arguments: int = 7
    max_statements: int = 50
    max_returns: int = 6
    max_nesting: int = 5
    modules: frozenset[str] = frozenset()
    root: Path | None = field(default=None, compare=False)

    @cached_property
    def digest(self) -> str:
        """The hash of all that decides what is found in a text; `exclude` and `root` don't."""
        parts = [
            f"{one.name}={_canonical(getattr(self, one.name))}" for one in fields(self) if one.name not in _ELSEWHERE
        ]
        return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    def first_party(self, module: str) -> bool:
        """Whether a module, `shop` or `shop.cart`, is the project's own."""
        return module.partition(".")[0] in self.modules

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The settings that hold in a folder: from the nearest settings file, at most up to the repository's root.

        A `target-version` that is not set follows `requires-python` of the nearest `pyproject.toml`. Raises
        `SettingsError` for anything that is not understood.
        """
        required: tuple[int, int] | None = None
        for place in _upwards(folder):
            own = place / OWN_FILE
            project = place / PROJECT_FILE
            if project.is_file():
                text, document = _read(project)
                required = required or _required_python(document)
                table = document.get("tool", {}).get("backend-team")
                if table is not None and not own.is_file():
                    return cls._parse(_File(project, text, TABLE), table, required)
            if own.is_file():
                text, document = _read(own)
                return cls._parse(_File(own, text, ""), document, required)
        return cls() if required is None else cls(target_version=required)

    @classmethod
    def _parse(cls, file: _File, table: Any, required: tuple[int, int] | None) -> Self:
        if not isinstance(table, dict):
            raise file.error("backend-team", f'"{TABLE}" must be a table')
        values: dict[str, Any] = {"root": file.path.parent}
        if required is not None:
            values["target_version"] = required
        for key, value in table.items():
            reader = _READERS.get(key)
            if reader is None:
                near = get_close_matches(key, _READERS, n=1, cutoff=0.5)
                hint = f'did you mean "{near[0]}"?' if near else ""
                every = f"{hint}\n   all settings: {', '.join(_READERS)}"
                raise file.error(key, f'unknown setting "{key}"', every)
            try:
                values[key.replace("-", "_")] = reader(value)
            except _Wrong as wrong:
                raise file.error(wrong.key or key, f'setting "{key}" {wrong}', wrong.hint) from None
        return cls(**values)


_ELSEWHERE: Final = frozenset({"exclude", "root"})


def _canonical(value: object) -> str:
    if isinstance(value, dict):
        return repr(sorted(value.items()))
    return repr(sorted(value)) if isinstance(value, frozenset) else repr(value)


class Resolver:
    """The settings of each file: those of the nearest settings file, with what was chosen for one run on top.

    `select` replaces what the files select, `extend_select` and `ignore` add to it. One resolver stands for one run:
    what it has read it does not read again. It travels to other processes without what it has read.
    """

    def __init__(
        self,
        *,
        select: frozenset[str] | None = None,
        extend_select: frozenset[str] = frozenset(),
        ignore: frozenset[str] = frozenset(),
    ) -> None:
        self.select = select
        self.extend_select = extend_select
        self.ignore = ignore
        self._folders: dict[str, Settings] = {}
        self._same: dict[tuple[Path | None, Settings], Settings] = {}

    def __reduce__(self) -> tuple[Callable[..., Resolver], tuple[object, ...]]:
        """Travels as its choices."""
        return _resolver, (self.select, self.extend_select, self.ignore)

    def of(self, path: Path) -> Settings:
        """The settings of a file; equal ones are one object. Raises `SettingsError`."""
        folder = os.path.dirname(path)  # noqa: PTH120 - a third of the time, for every file
        settings = self._folders.get(folder)
        if settings is None:
            settings = self._chosen(Settings.load(Path(folder)))
            settings = self._folders[folder] = self._same.setdefault((settings.root, settings), settings)
        return settings

    def _chosen(self, settings: Settings) -> Settings:
        asked = (self.select or frozenset()) | self.extend_select
        return replace(
            settings,
            select=settings.select if self.select is None else self.select,
            extend_select=self.extend_select | (settings.extend_select if self.select is None else frozenset()),
            ignore=(settings.ignore - asked) | self.ignore,
        )


def _resolver(select: frozenset[str] | None, extend_select: frozenset[str], ignore: frozenset[str]) -> Resolver:
    return Resolver(select=select, extend_select=extend_select, ignore=ignore)


class _Wrong(Exception):
    """A value of the wrong shape; `key` is the inner key when the fault is there."""

    def __init__(self, message: str, hint: str | None = None, key: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        self.key = key


@dataclass(frozen=True, slots=True)
class _File:
    """A settings file, for excerpts in errors."""

    path: Path
    text: str
    table: str

    def error(self, key: str, message: str, hint: str | None = None) -> SettingsError:
        """The error for a key, with the line where it stands."""
        return SettingsError(message, place=self._place(key), hint=hint)

    def _place(self, key: str) -> Place:
        lines = self.text.splitlines()
        entry = re.compile(rf"""(?:^|[\s{{,.\[])(["']?){re.escape(key)}\1\s*(?:=|\.|\])""")
        inside = not self.table
        for number, line in enumerate(lines, 1):
            header = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line)
            if header and self.table:
                inside = header[1].replace('"', "").replace("'", "").startswith(self.table)
            found = entry.search(line) if inside and not line.lstrip().startswith("#") else None
            if found:
                column = line.index(key, found.start()) + 1
                return Place(str(self.path.name), number, column, len(key), line)
        return Place(str(self.path.name), 1)


def _upwards(folder: Path) -> list[Path]:
    """The folder and its parents, up to the root of the repository that holds it."""
    start = folder.absolute()
    found = []
    for place in (start, *start.parents):
        found.append(place)
        if (place / ".git").exists():
            break
    return found


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} can't be read: {error}") from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        message = str(error)[: where.start()] if where else str(error)
        lines = text.splitlines() or [""]
        line, column = (int(where[1]), int(where[2])) if where and where[1] else (len(lines), len(lines[-1]) + 1)
        place = Place(path.name, line, column, 1, lines[min(line, len(lines)) - 1])
        raise SettingsError(f"invalid TOML: {message[:1].lower()}{message[1:]}", place=place) from None


def _required_python(document: Mapping[str, Any]) -> tuple[int, int] | None:
    project = document.get("project")
    wanted = project.get("requires-python") if isinstance(project, dict) else None
    found = re.search(r"(?:>=|~=|==|>)\s*3\.(\d+)", wanted) if isinstance(wanted, str) else None
    return (3, int(found[1])) if found else None


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _Wrong("must be a list of strings", 'for example ["unused-import"]')
    return tuple(value)


def _rules(value: Any) -> frozenset[str]:
    return frozenset(_names(value))


def _severities(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise _Wrong("must be a table", 'for example { unused-import = "error" }')
    for rule, severity in value.items():
        if severity not in SEVERITIES:
            raise _Wrong(f"gives {rule} an unknown severity", f"one of: {', '.join(SEVERITIES)}", key=rule)
    return dict(value)


def _version(value: Any) -> tuple[int, int]:
    found = re.fullmatch(r"(?:py)?3\.?(\d{1,2})", value) if isinstance(value, str) else None
    if not found:
        raise _Wrong("must be a Python version", 'for example "3.11"')
    return 3, int(found[1])


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _Wrong("must be a whole number from 1")
    return value


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "select": _rules,
    "extend-select": _rules,
    "ignore": _rules,
    "severity": _severities,
    "exclude": _names,
    "target-version": _version,
    "max-complexity": _count,
    "max-branches": _count,
    "max-arguments": _count,
    "max-statements": _count,
    "max-returns": _count,
    "max-nesting": _count,
}

DEFAULT: Final = Settings()


def state_folder() -> Path:
    """The folder for what must survive a restart, readable by its owner only; made when absent.

    `BACKEND_TEAM_STATE_DIR` chooses another than the platform's.
    """
    chosen = os.environ.get("BACKEND_TEAM_STATE_DIR")
    if chosen:
        folder = Path(chosen).expanduser().absolute()
    else:
        from platformdirs import user_data_dir

        folder = Path(user_data_dir("ai-backend-team", appauthor=False))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
