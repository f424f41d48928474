"""What worker processes do: functions of plain data. Nothing is read here but the files to be checked."""

from __future__ import annotations

import gc
import os
import pickle
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from backend_team.analysis.module import Module, analyse
from backend_team.errors import FileError, SettingsError
from backend_team.lsp import convert, diagnostics
from backend_team.text import Source
from backend_team.workspace import files
from backend_team.workspace.documents import difference
from backend_team.workspace.results import Results, packed, read_marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_team.findings import Finding, Fix, ModuleReport, Safety, Withheld
    from backend_team.fixes.fix import FixAll
    from backend_team.lsp.capabilities import Capabilities
    from backend_team.lsp.convert import JSON
    from backend_team.lsp.folders import Folder
    from backend_team.rules.model import RuleSet
    from backend_team.settings import Resolver, Settings
    from backend_team.text import Edit
    from backend_team.workspace.baseline import Baseline

TURN: Final = 0.25  # seconds after which a job gives back what it has, so that another can have the process


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
        return _unpacked(self.packed)[0]

    @property
    def baseline(self) -> Baseline | None:
        """What is known of the files and not to be shown."""
        return _unpacked(self.packed)[1]


def judge(folder: Folder) -> Judge:
    """By what the files of a folder are judged."""
    return Judge(_packed(folder.rules, folder.baseline), folder.settings, folder.resolver)


def judge_of(folder: Folder, source: Source) -> Judge:
    """By what a text of a folder is judged."""
    return Judge(_packed(folder.rules, None), folder.of(Path(source.path)))


def judge_by(folder: Folder, settings: Settings) -> Judge:
    """By what a text of a folder is judged under settings of its own."""
    return Judge(_packed(folder.rules, None), settings)


def plain(source: Source) -> Source:
    """A source without what was computed from it: less to send."""
    return Source(source.path, source.text, source.version, source.encoding)


def _packed(rules: RuleSet, baseline: Baseline | None) -> bytes:
    return pickle.dumps((rules, baseline), pickle.HIGHEST_PROTOCOL)


@lru_cache(maxsize=4)
def _unpacked(content: bytes) -> tuple[RuleSet, Baseline | None]:
    found: tuple[RuleSet, Baseline | None] = pickle.loads(content)  # from our own parent, never from disk
    return found


class Looked(NamedTuple):
    """A file that was looked at: its diagnostics, None when it was left out, and its lines."""

    path: Path
    items: list[JSON] | None
    lines: int


def check_files(judge: Judge, paths: Sequence[Path], client: Capabilities) -> list[Looked]:
    """The diagnostics of the first files, as many as a turn allows and one at least.

    A file that can't be read has one that says why, one that is gone has none.
    """
    end = time.monotonic() + TURN
    found: list[Looked] = []
    gc.disable()  # trees are many small objects without cycles: collecting while they are there only costs time
    try:
        with known_results() as results:
            for path in paths:
                found.append(_check(judge, path, client, results))
                gc.collect(0)
                if time.monotonic() > end:
                    break
    finally:
        gc.enable()
    return found


def ready() -> None:
    """Nothing: a process that can do this has loaded what the others need."""


@contextmanager
def known_results() -> Iterator[Results]:
    """What earlier runs found, ours and those of the command line."""
    with Results.of_this_machine() as results:
        yield results
        results.files = 0  # a job is no run of the command line, which tells how its last one went


def _check(judge: Judge, path: Path, client: Capabilities, results: Results) -> Looked:
    try:
        report, source = report_of(judge, path, results)
        if source is None:
            return Looked(path, [], report.lines)
        if judge.baseline is not None:
            report = replace(report, findings=judge.baseline.new(report, source))
    except FileError as error:
        if not os.path.exists(path):  # noqa: PTH110 - one that raises for no place
            return Looked(path, [], 0)
        start = {"line": 0, "character": 0}
        where = {"start": start, "end": start}
        item = {
            "range": where,
            "severity": 1,
            "code": "unreadable",
            "source": diagnostics.SOURCE,
            "message": error.message,
        }
        return Looked(path, [item], 0)
    return Looked(path, diagnostics.items(source, report, client, judge.rules, convert.uri_of(path)), report.lines)


def report_of(judge: Judge, path: Path, results: Results) -> tuple[ModuleReport, Source | None]:
    """The report of a file, with its source where there is something to say; raises `FileError`."""
    name, settings = str(path), judge.of(path)
    report = results.find(name, judge.rules.digest, settings)
    if report is not None:
        if not report.findings and not report.problems:
            return report, None
        source = files.read(path)
        ends = [*(one.span.end for one in report.findings), *(one.span.end for one in report.problems)]
        if max(ends) <= len(source.text):  # otherwise it was changed between the two looks
            return report, source
    try:
        content, mark = read_marked(name)
    except OSError as error:
        raise FileError(f"{path} can't be read: {error.strerror or error}") from None
    source = files.decode(path, content)
    report = analyse(source, judge.rules, settings)
    results.keep(name, judge.rules.digest, settings, mark, packed(report))
    return report, source


def fix_one(judge: Judge, source: Source, finding: Finding) -> Fix | Withheld:
    """The fix of one finding."""
    from backend_team.fixes.fix import fix

    return fix(source, finding, judge.rules, judge.settings, _module_of(judge, source))


def _module_of(judge: Judge, source: Source) -> Module:
    """The module of a text, made from the one this process had last when that is the same text a little earlier."""
    key = source.path, judge.rules.digest, judge.settings.digest
    module = _last.get(key)
    if module is None:
        module = Module(source, judge.rules, judge.settings)
        _last.clear()
        _last[key] = module
    elif module.source != source:
        module.edit(source, difference(module.source.text, source.text))
    return module


_last: dict[tuple[str, str, str], Module] = {}


def suppress(source: Source, finding: Finding, whole: bool, reason: str) -> tuple[Edit, ...] | Withheld:
    """The comment that silences a finding, or its rule in the whole file, with the reason."""
    from backend_team.fixes.suppress import suppress, suppress_in_file

    return suppress_in_file(source, finding, reason) if whole else suppress(source, finding, reason)


def fix_file(judge: Judge, source: Source, only: frozenset[str] | None, safety: Safety) -> FixAll:
    """The fixes of a text."""
    from backend_team.fixes.fix import fix_all

    return fix_all(source, judge.rules, judge.settings, safety=safety, only=only)
