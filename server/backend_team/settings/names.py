"""Names of rules in settings files that no rule has."""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, Protocol

from backend_team.errors import SettingsError
from backend_team.settings.extending import shown
from backend_team.settings.model import ALL, Choice
from backend_team.settings.places import find
from backend_team.settings.reading import PROJECT_FILE, TABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from backend_team.errors import Place
    from backend_team.settings.model import Settings


_CODE: Final = re.compile(r"[A-Z]{1,4}\d{1,4}")


class Named(Protocol):
    """What a rule is known by."""

    @property
    def id(self) -> str: ...
    @property
    def category(self) -> str: ...


def unknown_names(
    settings: Settings, rules: Iterable[Named], texts: Mapping[Path, str] | None = None
) -> list[SettingsError]:
    """An error for each name in settings files that is no rule, no category and not `all`, with its place.

    The settings are those of `Settings.load` or `Resolver.in_folder`: as the files say, nothing applied.
    `texts` are those of files that an editor holds.
    """
    rules = list(rules)
    ids = {rule.id for rule in rules}
    errors = []
    for keys, choice in _choices(settings):
        for key, names in (
            ("select", choice.select),
            ("extend-select", choice.extend_select),
            ("ignore", choice.ignore),
        ):
            for name in sorted((names or frozenset()) - ids):
                if (error := unknown_name(name, rules)) is not None:
                    error.place = _place(settings, (*keys, key), name, texts or {})
                    errors.append(error)
        for name in sorted(choice.severity.keys() - ids):
            error = unknown_name(name, rules, only_rules=True)
            if error is not None:
                error.place = _place(settings, (*keys, "severity", name), None, texts or {})
                errors.append(error)
    return errors


def unknown_name(name: str, rules: Iterable[Named], *, only_rules: bool = False) -> SettingsError | None:
    """The error for a name that is no rule (and, unless `only_rules`, no category and not `all`), None when it is."""
    known = [rule.id for rule in rules]
    if not only_rules:
        known += [ALL, *{rule.category for rule in rules}]
    if name in known:
        return None
    near = get_close_matches(name, known, 1)
    hint = f'did you mean "{near[0]}"?' if near else "backend-team rules list shows them all"
    if _CODE.fullmatch(name):
        hint = f"a code of another tool? backend-team explain {name} says what it is called here"
    return SettingsError(f'there is no rule{"" if only_rules else " or category"} "{name}"', hint=hint)


def _choices(settings: Settings) -> Iterator[tuple[tuple[str, ...], Choice]]:
    """Each part of the settings that names rules, with the keys that lead to it."""
    yield (), Choice(settings.select, settings.extend_select, settings.ignore, settings.severity)
    for one in settings.per_path:
        yield ("per-path", one.pattern), one.choice


def _place(settings: Settings, keys: tuple[str, ...], value: str | None, texts: Mapping[Path, str]) -> Place | None:
    """Where a name stands, in the file or in one that it extends."""
    for path in settings.files:
        table = TABLE if path.name == PROJECT_FILE else ()
        try:
            text = texts[path] if path in texts else path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError):  # it was read a moment ago, and is gone
            continue
        top = next((folder for folder in path.parents if os.path.lexists(folder / ".git")), None)
        place = find(text, shown(path, top), (*table, *keys), value)
        if place.text is not None:
            return place
    return None
