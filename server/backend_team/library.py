"""The library: check and fix texts and files from a program; `import backend_team` gives it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from backend_team.errors import FileError
from backend_team.findings import Finding, Fix, ModuleReport, Problem, Safety, Withheld
from backend_team.settings import Resolver, Settings
from backend_team.text import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from backend_team.rules.model import RuleSet
    from backend_team.text import Encoding, Span


class Location(NamedTuple):
    """A place as people count: lines and columns from 1, the end behind the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Report:
    """What was found in one text or file: findings and problems in the order of their places.

    `span` of a finding counts code points of the text; `location` says the same in lines and columns. `problems` are
    what kept the text from being judged: syntax errors (kind `syntax`), unreadable files (`file`), faults of our own
    (`fault`).
    """

    path: str
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] = ()
    text: str | None = field(default=None, repr=False, compare=False)

    @cached_property
    def source(self) -> Source:
        """The text that was judged; read again from disk when it came from there, empty when it vanished since."""
        if self.text is not None:
            return Source(self.path, self.text)
        from backend_team.workspace.files import read

        try:
            return read(Path(self.path))
        except FileError:
            return Source(self.path, "")

    @property
    def found(self) -> ModuleReport:
        """The same as the engine says it."""
        return ModuleReport(self.path, None, self.findings, self.problems)

    def location(self, found: Finding | Problem, encoding: Encoding = "utf-32") -> Location:
        """Where it is, columns in units of the encoding: code points, or `utf-16` as editors and SARIF count."""
        return self.place(found.span, encoding)

    def place(self, span: Span, encoding: Encoding = "utf-32") -> Location:
        """Where a span of the text is, such as one of a finding's `related`."""
        lines = self.source.lines
        line, column = lines.position(span.start, encoding)
        end_line, end_column = lines.position(span.end, encoding)
        return Location(line + 1, column + 1, end_line + 1, end_column + 1)


@dataclass(frozen=True)
class FixResult:
    """What fixing a text came to.

    `text` is the text after, the same as before when nothing could be done; `report` is what is left in it.
    `withheld` are the fixes that could not be shown right, each with the reason.
    """

    text: str
    applied: tuple[Fix, ...]
    withheld: tuple[Withheld, ...]
    report: Report


def check_source(text: str, *, path: str | os.PathLike[str] | None = None, settings: Settings | None = None) -> Report:
    """What there is to say about a text.

    `path` is where it is from, or would be: it need not exist. Without `settings` those of its settings file hold, and
    the rules of its project run, too; without a path the defaults. Never raises for the text: what does not parse is
    among the problems. Raises `SettingsError` and `RuleError` for settings and rules of the project.
    """
    from backend_team.analysis.module import analyse

    source, rules, chosen = _judged(text, path, settings)
    return report_of(analyse(source, rules, chosen), text)


def fix_source(
    text: str,
    *,
    path: str | os.PathLike[str] | None = None,
    safety: Literal["safe", "review"] | Safety = "safe",
    select: Collection[str] | None = None,
    settings: Settings | None = None,
) -> FixResult:
    """The text with every fix of the safety applied, until nothing changes; `review` takes the safe ones, too.

    `select` names the rules or categories to fix. Raises as `check_source` does, and `ValueError` for a rule or a
    safety that does not exist.
    """
    from backend_team.analysis.module import analyse
    from backend_team.fixes.fix import fix_all

    if (wanted := Safety(safety)) is Safety.NONE:
        raise ValueError('safety is "safe" or "review"')
    source, rules, chosen = _judged(text, path, settings)
    done = fix_all(source, rules, chosen, safety=wanted, only=None if select is None else _ids(select, rules))
    left = report_of(analyse(done.source, rules, chosen), done.source.text)
    return FixResult(done.source.text, done.applied, done.withheld, left)


def check_paths(
    paths: Iterable[str | os.PathLike[str]], *, settings: Settings | None = None, jobs: int | None = None
) -> Iterator[Report]:
    """The report of every Python file at and below the paths, in their order, as they are done.

    Without `settings` each file is judged by those of its nearest settings file. `jobs` is the number of processes that
    work, 0 works in this one, None chooses; closing the iterator ends them. A baseline of known findings is not read.
    Raises `FileError` at once for a path that does not exist.
    """
    from backend_team.workspace.discovery import python_files
    from backend_team.workspace.scan import scan

    roots = [Path(path) for path in paths]
    for root in roots:
        if not root.exists():
            raise FileError(f"{root} does not exist")
    folder = common_folder(roots)
    chosen = Resolver() if settings is None else settings
    rules = _rules_of(chosen.in_folder(folder) if isinstance(chosen, Resolver) else chosen, folder)
    files = list(python_files(roots, chosen))
    return map(report_of, scan(files, rules, chosen, jobs=jobs))


def report_of(found: ModuleReport, text: str | None = None) -> Report:
    """The report of what the engine found; without a text it is the one on disk."""
    return Report(found.path, found.findings, found.problems, text)


def common_folder(paths: Collection[Path]) -> Path:
    """The innermost folder that holds all the paths."""
    common = Path(os.path.commonpath([path.absolute() for path in paths])) if paths else Path.cwd()
    return common if common.is_dir() else common.parent


def _judged(
    text: str, path: str | os.PathLike[str] | None, settings: Settings | None
) -> tuple[Source, RuleSet, Settings]:
    if path is None:
        return Source("<text>", text), _shipped(), settings or Settings()
    place = Path(path)
    chosen = Resolver().of(place.absolute()) if settings is None else settings
    return Source(str(place), text), _rules_of(chosen, place.absolute().parent), chosen


def own_rules(settings: Settings, folder: Path) -> Path:
    """Where a project keeps rules of its own: below the root of its settings, or below a folder without settings."""
    return (settings.root or folder) / ".backend-team" / "rules"


def _rules_of(settings: Settings, folder: Path) -> RuleSet:
    from backend_team.rules.load import load_rules

    own = own_rules(settings, folder)
    return load_rules(extra=[own]) if own.is_dir() else _shipped()


@cache
def _shipped() -> RuleSet:
    from backend_team.rules.load import load_rules

    return load_rules()


def _ids(names: Collection[str], rules: RuleSet) -> frozenset[str]:
    chosen = frozenset(rule.id for rule in rules if rule.id in names or rule.category in names)
    known = chosen | {rules.by_id[name].category for name in chosen}
    for name in sorted(names):
        if name not in known:
            raise ValueError(f'there is no rule or category "{name}"')
    return chosen
