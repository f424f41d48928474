"""An edit of a settings file: a rule goes into its `ignore`, everything else stays as it is written."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from backend_team.errors import SettingsError
from backend_team.settings import PROJECT_FILE

if TYPE_CHECKING:
    from pathlib import Path

KEY: Final = "ignore"
_TABLE: Final = ("tool", "backend-team")
_HINT: Final = "nothing was changed: write it there by hand"


def ignoring(path: Path, text: str, rule: str) -> str:
    """The text of a settings file that ignores one more rule; raises `SettingsError` for a file that is damaged."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import Array

    names = _TABLE if path.name == PROJECT_FILE else ()
    try:
        before = tomllib.loads(text)
        document = tomlkit.parse(text)
        table: Any = document
        for name in names:
            table = table.setdefault(name, tomlkit.table())
        ignored = table.get(KEY)
        if ignored is None:
            table[KEY] = [rule]
        elif not isinstance(ignored, Array):
            raise SettingsError(f"{KEY} in {path.name} is no list", hint=_HINT)
        elif rule not in ignored:
            ignored.append(rule)
        after = tomlkit.dumps(document)
        if "\r\n" in text and "\n" not in text.replace("\r\n", ""):
            after = after.replace("\r\n", "\n").replace("\n", "\r\n")
        _prove(before, tomllib.loads(after), names, rule)
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
