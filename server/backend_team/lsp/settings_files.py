"""Settings files under an editor: what is wrong in a text of `backend-team.toml` or `pyproject.toml`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from backend_team.errors import SettingsError
from backend_team.lsp.marks import INVALID_SETTINGS, Mark, mark_of
from backend_team.settings import OWN_FILE, PROJECT_FILE, unknown_names
from backend_team.settings.extending import settings_of, shown
from backend_team.settings.reading import LARGEST, SettingsFile

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.rules.model import RuleSet

NAMES: Final = (PROJECT_FILE, OWN_FILE)
__all__ = ["LARGEST", "NAMES", "is_settings_file", "judge"]


def is_settings_file(path: Path) -> bool:
    """Whether a file is one that settings are read from."""
    return path.name in NAMES


def judge(path: Path, text: str | None, rules: RuleSet) -> list[Mark]:
    """What is wrong with a settings file: the first error of its shape, or every name that no rule has.

    `text` is what an editor holds, None: the file. What is wrong in a file it extends stands at `extend`.
    """
    top = next((folder for folder in path.parents if os.path.lexists(folder / ".git")), None)
    name = shown(path, top)
    try:
        if text is None:
            file = SettingsFile.read(path, name)
        else:
            file = SettingsFile.of(path, name, text.encode("utf-8", "replace"))
        if file is None or not file.has_settings:
            return []
        try:
            settings, _ = settings_of(file, top)
        except SettingsError as error:
            if error.place is None or error.place.path != name:
                where = "" if error.place is None else f" in {error.place.path}, line {error.place.line}"
                place = SettingsError(error.message + where, place=file.place("extend"), hint=error.hint)
                return [mark_of(INVALID_SETTINGS, place)]
            raise
    except SettingsError as error:
        return [mark_of(INVALID_SETTINGS, error)]
    found = unknown_names(settings, rules.names, {path: file.text})
    return [mark_of(INVALID_SETTINGS, error) for error in found if error.place is None or error.place.path == name]
