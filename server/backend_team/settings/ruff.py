"""Ruff's settings beside ours: which of its rules it checks in a folder, so that ours need not say the same again.

Its own resolution, as far as it decides that: the nearest of `.ruff.toml`, `ruff.toml` and a `pyproject.toml` with
`[tool.ruff]`; `extend`; `select`, `extend-select`, `ignore` and `extend-ignore` below `lint` or, as older versions had
them, at the top; the longer selector wins. Left aside are `per-file-ignores` and `exclude`: what a project silences in
Ruff for a file shall not come back from us. Settings that Ruff itself would refuse select nothing.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from backend_team.settings.ruff_codes import DEFAULT, DEFAULT_BEFORE, PREVIEW, RENAMED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILES: Final = (".ruff.toml", "ruff.toml")  # the first wins, and both win over a pyproject.toml beside them
ALL: Final = "ALL"
DEEPEST: Final = 10  # files that extend one another
LARGEST: Final = 1_000_000  # bytes, as for settings of ours
_SELECTOR: Final = re.compile(r"([A-Z]+)(\d*)")
_BOUND: Final = re.compile(r"\s*(>=|<=|==|~=|!=|>|<|)\s*(\d+)(?:\.(\d+))?")
_WIDER: Final = (0, 16)  # the version that selects more by default


class _Refused(Exception):
    """Ruff would not run with these settings, or they lie where we don't read."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one settings file selects; `select` None: it adds to what the files it extends select."""

    select: tuple[str, ...] | None = None
    extend: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """What Ruff checks in a folder: layers, the one that is extended before the one that extends it.

    `since` is the oldest version of Ruff that may run, `before` the first that may not, as `required-version` says.
    """

    layers: tuple[Layer, ...] = ()
    preview: bool = False
    explicit: bool = False  # a rule in preview has to be selected by its whole code
    since: tuple[int, int] | None = None
    before: tuple[int, int] | None = None

    def selects(self, code: str) -> bool:
        """Whether the rule with this code is checked."""
        code = _renamed(code)
        if code in PREVIEW and not self.preview:
            return False
        on = self._by_default(code)
        carried: tuple[str, ...] = ()
        for layer in self.layers:
            wanted = self._longest(code, (*(layer.select or ()), *layer.extend))
            refused = self._longest(code, (*layer.ignore, *carried))
            said = None if wanted == refused == -1 else wanted > refused
            if layer.select is not None:
                on = said is True
            elif said is not None:
                on = said
            carried = layer.ignore if layer.select == () else ()  # ignores without a selection are for the next one
        return on

    def _by_default(self, code: str) -> bool:
        """Whether it is checked where nothing is selected: by every version that may run."""
        old = self.since is None or self.since < _WIDER
        new = self.before is None or self.before > _WIDER
        narrow = any(_covers(each, code) for each in DEFAULT_BEFORE)
        return (narrow or not old) and (code in DEFAULT or not new)

    def _longest(self, code: str, selectors: Iterable[str]) -> int:
        """The length of the longest selector that covers a code, -1 where none does: the longer, the more it counts."""
        whole = self.explicit and code in PREVIEW
        found = (_length(each) for each in selectors if each == code or (not whole and _covers(each, code)))
        return max(found, default=-1)


def _length(selector: str) -> int:
    return 0 if selector == ALL else len(selector)


def _covers(selector: str, code: str) -> bool:
    """Whether a selector means a code: `E` means `E4` and not `ERA001`, `PL` all that begins with it."""
    if selector == ALL:
        return True
    one, other = _SELECTOR.fullmatch(selector), _SELECTOR.fullmatch(code)
    if one is None or other is None:
        return False
    if selector == "PL":
        return code.startswith(selector)
    return one[1] == other[1] and other[2].startswith(one[2])


def _renamed(selector: str) -> str:
    for before, now in RENAMED.items():
        if selector.startswith(before) and (selector[len(before) :].isdigit() or selector == before):
            return now + selector[len(before) :]
    return "UP" if selector == "U" else selector


def file_in(folder: str, project: Mapping[str, Any] | None) -> Path | None:
    """The file of Ruff's settings in a folder; `project` is what the `pyproject.toml` there says."""
    for name in FILES:
        path = os.path.join(folder, name)  # noqa: PTH118 - looked for in every folder of a tree
        if os.path.isfile(path):  # noqa: PTH113
            return Path(path)
    if project is not None and isinstance(tool := project.get("tool"), dict) and "ruff" in tool:
        return Path(folder, "pyproject.toml")
    return None


def selection(path: Path, top: Path | None) -> Selection | None:
    """What a settings file of Ruff selects; None where Ruff would refuse it, or for what is outside of `top`."""
    tables: list[dict[str, Any]] = []
    try:
        place, seen = path, {path.resolve()}
        while True:
            tables.append(_read(place))
            wanted = _of(str, tables[-1], "extend")
            if wanted is None:
                break
            place = (place.parent / os.path.expandvars(wanted)).expanduser().resolve()
            if place in seen or len(seen) == DEEPEST or (top is not None and not place.is_relative_to(top.resolve())):
                return None
            seen.add(place)
        return _selection(tables)
    except (_Refused, OSError, ValueError, RuntimeError):
        return None


def _selection(tables: list[dict[str, Any]]) -> Selection:
    """The tables as one, the nearest first."""
    lints = [_of(dict, table, "lint") or {} for table in tables]
    previews = [_first(bool, "preview", lint) for lint in lints]
    general = [_first(bool, "preview", table) for table in tables]
    explicit = [_first(bool, "explicit-preview-rules", *both) for both in zip(lints, tables, strict=True)]
    since, before = _versions(next((text for each in tables if (text := _of(str, each, "required-version"))), ""))
    layers = [_layer(*both) for both in zip(lints, tables, strict=True)]
    preview = next((one for one in (*previews, *general) if one is not None), False)
    return Selection(
        tuple(reversed(layers)), preview, next((one for one in explicit if one is not None), False), since, before
    )


def _layer(lint: Mapping[str, Any], table: Mapping[str, Any]) -> Layer:
    def selectors(key: str) -> tuple[str, ...] | None:
        found = _first(list, key, lint, table)
        if found is None:
            return None
        if not all(isinstance(one, str) for one in found):
            raise _Refused(key)
        return tuple(sorted({_renamed(one) for one in found}))

    ignored = (*(selectors("ignore") or ()), *(selectors("extend-ignore") or ()))
    return Layer(selectors("select"), selectors("extend-select") or (), ignored)


def _first(kind: type, key: str, *tables: Mapping[str, Any]) -> Any:
    """The first that is said for a key."""
    return next((found for table in tables if (found := _of(kind, table, key)) is not None), None)


def _of(kind: type, table: Mapping[str, Any], key: str) -> Any:
    """The value of a key, None where there is none."""
    found = table.get(key)
    if found is not None and not isinstance(found, kind):
        raise _Refused(key)
    return found


def _read(path: Path) -> dict[str, Any]:
    """The table of Ruff in a file."""
    with path.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _Refused(path)
    document = tomllib.loads(content.decode("utf-8-sig"))
    if path.name != "pyproject.toml":
        return document
    found: dict[str, Any] = _of(dict, _of(dict, document, "tool") or {}, "ruff") or {}
    return found


def _versions(required: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """The oldest version that a `required-version` allows, and the first after those it allows."""
    since: tuple[int, int] | None = None
    before: tuple[int, int] | None = None
    for part in required.split(","):
        if (bound := _BOUND.match(part)) is None:
            continue
        version = int(bound[2]), int(bound[3] or 0)
        if bound[1] in {">=", ">", "==", "~=", ""}:
            since = version
        if bound[1] in {"<=", "==", ""}:
            before = version[0], version[1] + 1
        elif bound[1] == "<":
            before = version
        elif bound[1] == "~=":
            before = (version[0], version[1] + 1) if part.count(".") > 1 else (version[0] + 1, 0)
    return since, before
