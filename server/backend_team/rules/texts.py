"""Rule files as they lie on disk: their texts and the hash that stands for all of them; parsed only when asked for."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from backend_team.catalogue import catalogue_folder
from backend_team.errors import RuleError
from backend_team.rules.model import RuleName, RuleSet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from backend_team.rules.model import Outline, Rule

_OFF: Final = re.compile(r"""^default: ["']?off""", re.MULTILINE)
_PYTHON: Final = re.compile(r"""^python: ["']?3\.(\d+)""", re.MULTILINE)
_EQUIVALENTS: Final = re.compile(r"^equivalents:((?: |\n {2,}).*(?:\n {2,}.*)*)", re.MULTILINE)
_EQUIVALENT: Final = re.compile(r"[\w-]+:[\w-]+")
LARGEST: Final = 256 * 1024  # a rule is a page; more than this is a mistake or an attack


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """The files of some folders, a tuple for each folder, sorted; those of later folders replace earlier ones."""

    folders: tuple[tuple[tuple[Path, str], ...], ...]
    digest: str


class RulesOnDemand(RuleSet):
    """A rule set whose files are read, and parsed only when a rule is needed.

    Those of `own` folders are parsed at once: a person must hear of a mistake whatever the rules are needed for.
    """

    def __init__(self, own: Sequence[Path] = ()) -> None:
        texts = read_texts([catalogue_folder("rules"), *own])
        object.__setattr__(self, "digest", texts.digest)
        object.__setattr__(self, "_texts", texts)
        if any(texts.folders[1:]):
            from backend_team.rules.load import parsed

            parsed(RuleTexts(texts.folders[1:], ""))

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by their id. Raises `RuleError`."""
        from backend_team.rules.load import parsed

        return parsed(self.__dict__["_texts"]).by_id

    @cached_property
    def names(self) -> tuple[RuleName, ...]:
        """What rules and their categories are called: as their files and folders."""
        texts: RuleTexts = self.__dict__["_texts"]
        found = {path.stem: RuleName(path.stem, path.parent.name) for folder in texts.folders for path, _ in folder}
        return tuple(found[name] for name in sorted(found))

    @cached_property
    def outlines(self) -> tuple[Outline, ...]:
        """What decides whether each rule runs: read from the texts of those that we ship, which are written alike."""
        texts: RuleTexts = self.__dict__["_texts"]
        found: dict[str, Outline] = {path.stem: _outline(path, text) for path, text in texts.folders[0]}
        if any(texts.folders[1:]):
            from backend_team.rules.load import parsed

            found |= parsed(RuleTexts(texts.folders[1:], "")).by_id
        return tuple(found.values())

    def __reduce__(self) -> tuple[Callable[..., RuleSet], tuple[Any, ...]]:
        """Travels as what it holds."""
        return RuleSet, (dict(self.by_id), self.digest)


class Head(NamedTuple):
    """The outline of a rule whose text was not parsed."""

    id: str
    category: str
    default: bool
    python: tuple[int, int] | None
    equivalents: tuple[str, ...]


def _outline(path: Path, text: str) -> Head:
    head = text.partition("\nexamples:")[0]
    version = _PYTHON.search(head)
    listed = _EQUIVALENTS.search(head)
    return Head(
        path.stem,
        path.parent.name,
        _OFF.search(head) is None,
        None if version is None else (3, int(version[1])),
        () if listed is None else tuple(_EQUIVALENT.findall(listed[1])),
    )


def read_texts(folders: Sequence[Path]) -> RuleTexts:
    """The texts of the rule files at and below folders. Raises `RuleError` for what can't be read."""
    digest = hashlib.sha256()
    found = []
    for folder in folders:
        files = []
        for name in _files(folder):
            path, text = Path(name), read_text(name)
            files.append((path, text))
            digest.update(len(text).to_bytes(8, "big") + path.parent.name.encode() + b"\0" + text.encode())
        found.append(tuple(files))
    return RuleTexts(tuple(found), digest.hexdigest())


def read_text(path: str | Path) -> str:
    """The text of a rule file. Raises `RuleError`."""
    try:
        status = os.stat(path)  # noqa: PTH116 - for every rule at every start: Path takes twice as long
        if not S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            raise RuleError(f"the rule file {path} can't be read: it is no file")
        if status.st_size > LARGEST:
            raise RuleError(f"{path} is too large for a rule", hint=f"at most {LARGEST // 1024} KiB")
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            return file.readall().decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"the rule file {path} can't be read: {error}") from error


def _files(folder: Path) -> list[str]:
    found = []
    for place, folders, files in os.walk(folder):
        found += [os.path.join(place, name) for name in (*files, *folders) if name.endswith(".yaml")]  # noqa: PTH118
    return sorted(found, key=lambda name: name.split(os.sep))  # noqa: PTH206
