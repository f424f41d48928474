"""`--baseline` and `--write-baseline`: findings a project knows of, and those that are new."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.cli.excerpts import counted, shown
from backend_team.cli.terminal import harmless
from backend_team.errors import FileError
from backend_team.findings import UNJUDGED
from backend_team.library import common_folder
from backend_team.workspace.baseline import Baseline, baseline_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backend_team.cli.chosen import Chosen
    from backend_team.findings import ModuleReport, Problem
    from backend_team.library import Report
    from backend_team.text import Source


def place_of(work: Chosen, named: str) -> Path:
    """The file that was named, else the one of the settings, else the one of the project."""
    return Path(named) if named else baseline_of(work.settings, common_folder(work.paths))


class Known:
    """What the baseline knows, and how much of it was found again."""

    def __init__(self, path: Path) -> None:
        self.baseline = Baseline.load(path)
        self.known = 0
        self.stale = len(self.baseline.gone())

    def only_new(self, report: Report) -> Report:
        """The report with the findings that are not known. Problems stay."""
        compared = self.baseline.compare(report.found, report.source if report.findings else None)
        self.known += len(compared.known)
        self.stale += len(compared.stale)
        return replace(report, findings=compared.new)

    def summary(self, *, every_rule: bool) -> str:
        """What to say of it after the findings; what is gone, only when every rule could have found it."""
        text = f"{counted(self.known, 'known finding')} of {shown(str(self.baseline.path))} left out.\n"
        if self.stale and every_rule:
            what = "is no longer found" if self.stale == 1 else "are no longer found"
            text += f"{self.stale:,} of what it knows {what}: backend-team check --write-baseline takes it out.\n"
        return text


def write(path: Path, reports: Iterable[Report]) -> int:
    """Make what is found now what is known; what the file knows of files that were not looked at stays.

    2 when a file could not be judged.
    """
    try:
        before = Baseline.load(path)
    except FileError:  # absent, or damaged: it is written anew
        before = Baseline(path, {})
    troubled: list[Problem] = []

    def checked() -> Iterator[tuple[ModuleReport, Source | None]]:
        for report in reports:
            for problem in report.problems:
                print(f"error: {harmless(shown(report.path))}: {harmless(problem.message)}", file=sys.stderr)
            troubled.extend(report.problems)
            yield report.found, report.source if report.findings else None

    after = before.updated(checked())
    after.write()
    print(f"{counted(len(after), 'finding')} known now, in {shown(str(path))}")
    return 2 if any(problem.kind in UNJUDGED for problem in troubled) else 0
