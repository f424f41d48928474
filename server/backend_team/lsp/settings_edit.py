"""Edits of a settings file: a rule goes into an `ignore`, everything else stays as it is written."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final

from backend_team.errors import SettingsError
from backend_team.settings import PROJECT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tomlkit import TOMLDocument

KEY: Final = "ignore"
PER_PATH: Final = "per-path"
NO_REASON: Final = "reason: to be said"
_TABLE: Final = ("tool", "backend-team")
_HINT: Final = "nothing was changed: write it there by hand"


def ignoring(path: Path, text: str, rule: str) -> str:
    """The text of a settings file that ignores one more rule; raises `SettingsError` for a file that is damaged."""

    def change(document: TOMLDocument) -> None:
        table = _below(document, _names(path))
        if KEY not in table:
            table[KEY] = [rule]
        else:
            _append(path, table[KEY], rule)

    return _changed(path, text, rule, (), change)


def leaving_out(path: Path, text: str, file: str, rule: str, reason: str = "") -> str:
    """The text of a settings file that ignores one more rule for one file, given relative to it, with the reason.

    A reason that is written there stays as it is. Raises `SettingsError` for a file that is damaged.
    """
    import tomlkit
    from tomlkit.items import Table

    said = " ".join(reason.split())
    pattern = pattern_of(file)

    def change(document: TOMLDocument) -> None:
        is_new = PER_PATH not in _below(document, _names(path))
        table = _below(document, (*_names(path), PER_PATH))
        entry = table.get(pattern)
        if entry is not None and KEY in entry:
            _append(path, entry[KEY], rule)
        elif isinstance(entry, Table):
            entry[KEY] = [rule]
        elif entry is not None:
            entry[KEY] = tomlkit.array(f'["{rule}"]')
        else:
            note = f"  # {said or NO_REASON}" if isinstance(table, Table) else ""
            table[pattern] = tomlkit.parse(f'new = {{ {KEY} = ["{rule}"] }}{note}\n')["new"]
            if is_new:  # what follows stands apart
                table.add(tomlkit.nl())
            return
        if said and isinstance(entry, Table) and not entry[KEY].trivia.comment:
            entry[KEY].comment(said)

    return _changed(path, text, rule, (PER_PATH, pattern), change)


def pattern_of(file: str) -> str:
    """The pattern of `.gitignore` that names one file, given by its path relative to the settings file."""
    escaped = re.sub(r"([\\*?\[\]])", r"\\\1", file)
    escaped = re.sub(r" $", r"\\ ", escaped)
    return escaped if "/" in file else f"/{escaped}"


def _names(path: Path) -> tuple[str, ...]:
    return _TABLE if path.name == PROJECT_FILE else ()


def _below(document: TOMLDocument, names: Sequence[str]) -> Any:
    """The table of the names, made where there is none."""
    import tomlkit

    table: Any = document
    for name in names:
        table = table.setdefault(name, tomlkit.table())
    return table


def _append(path: Path, ignored: Any, rule: str) -> None:
    from tomlkit.items import Array

    if not isinstance(ignored, Array):
        raise SettingsError(f"{KEY} in {path.name} is no list", hint=_HINT)
    if rule not in ignored:
        ignored.append(rule)


def _changed(path: Path, text: str, rule: str, below: tuple[str, ...], change: Callable[[TOMLDocument], None]) -> str:
    """The text after a change that adds the rule to the `ignore` below some names, and does nothing else."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        before = tomllib.loads(text)
        document = tomlkit.parse(text)
        change(document)
        after = tomlkit.dumps(document)
        if after.endswith("\n\n") and not text.endswith("\n\n"):
            after = after[:-1]
        if "\r\n" in text and "\n" not in text.replace("\r\n", ""):
            after = after.replace("\r\n", "\n").replace("\n", "\r\n")
        _prove(before, tomllib.loads(after), (*_names(path), *below), rule)
    except (tomllib.TOMLDecodeError, TOMLKitError, TypeError, AttributeError, RecursionError) as error:
        raise SettingsError(f"{path.name} can't be changed: {error}", hint=_HINT) from None
    return after


def _prove(before: dict[str, Any], after: dict[str, Any], names: tuple[str, ...], rule: str) -> None:
    """Show that nothing else has changed."""
    place = before
    for name in names:
        place = place.setdefault(name, {})
    if rule not in place.setdefault(KEY, []):
        place[KEY].append(rule)
    if before != after:
        raise SettingsError("the settings would not be as they were", hint=_HINT)
