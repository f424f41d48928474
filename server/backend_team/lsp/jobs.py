"""What worker processes do: functions of plain data. Nothing is read here but the files to be checked."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.analysis.module import analyse
from backend_team.errors import FileError, SettingsError
from backend_team.lsp import diagnostics
from backend_team.text import Source
from backend_team.workspace import files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.findings import Finding, Fix, Safety, Withheld
    from backend_team.fixes.fix import FixAll
    from backend_team.lsp.convert import JSON
    from backend_team.lsp.session import Folder
    from backend_team.rules.model import RuleSet
    from backend_team.settings import Resolver, Settings
    from backend_team.text import Edit, Encoding


@dataclass(frozen=True, slots=True)
class Judge:
    """By what a text is judged: the rules themselves, since their files may be broken or others by now.

    With a resolver each file has settings of its own; `settings` hold where the files that say can't be read.
    """

    packed: bytes
    settings: Settings
    resolver: Resolver | None = None

    def of(self, path: Path) -> Settings:
        """The settings of a file."""
        try:
            return self.settings if self.resolver is None else self.resolver.of(path)
        except SettingsError:
            return self.settings

    @property
    def rules(self) -> RuleSet:
        """The rules, unpacked once in this process."""
        return _rules(self.packed)


def judge(folder: Folder) -> Judge:
    """By what the files of a folder are judged."""
    return Judge(pickle.dumps(folder.rules, pickle.HIGHEST_PROTOCOL), folder.settings, folder.resolver)


def judge_of(folder: Folder, source: Source) -> Judge:
    """By what a text of a folder is judged."""
    return Judge(pickle.dumps(folder.rules, pickle.HIGHEST_PROTOCOL), folder.of(Path(source.path)))


def plain(source: Source) -> Source:
    """A source without what was computed from it: less to send."""
    return Source(source.path, source.text, source.version, source.encoding)


@lru_cache(maxsize=4)
def _rules(packed: bytes) -> RuleSet:
    rules: RuleSet = pickle.loads(packed)  # from our own parent, never from disk
    return rules


def check_files(judge: Judge, paths: Sequence[Path], encoding: Encoding) -> list[tuple[Path, list[JSON]]]:
    """The diagnostics of files; a file that can't be read has one that says why, one that is gone has none."""
    return [(path, _check(judge, path, encoding)) for path in paths]


def _check(judge: Judge, path: Path, encoding: Encoding) -> list[JSON]:
    try:
        source = files.read(path)
    except FileError as error:
        if not path.exists():
            return []
        start = {"line": 0, "character": 0}
        where = {"start": start, "end": start}
        return [
            {
                "range": where,
                "severity": 1,
                "code": "unreadable",
                "source": diagnostics.SOURCE,
                "message": error.message,
            }
        ]
    return diagnostics.items(source, analyse(source, judge.rules, judge.of(path)), encoding, judge.rules)


def fix_one(judge: Judge, source: Source, finding: Finding) -> Fix | Withheld:
    """The fix of one finding."""
    from backend_team.fixes.fix import fix

    return fix(source, finding, judge.rules, judge.settings)


def suppress(source: Source, finding: Finding, whole: bool) -> tuple[Edit, ...] | Withheld:
    """The comment that silences a finding, or its rule in the whole file."""
    from backend_team.fixes.suppress import suppress, suppress_in_file

    return suppress_in_file(source, finding) if whole else suppress(source, finding)


def fix_file(judge: Judge, source: Source, only: frozenset[str] | None, safety: Safety) -> FixAll:
    """The fixes of a text."""
    from backend_team.fixes.fix import fix_all

    return fix_all(source, judge.rules, judge.settings, safety=safety, only=only)
