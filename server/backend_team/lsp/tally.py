"""What a status adds up, from sums that every look at a file keeps up to date: the quality score.

The score is 100 x 100 / (100 + d), d the weighted findings in a thousand lines: of what is shown now, in the files of
the workspace and the open documents. As in Pylint's own evaluation an error weighs five times as much as the rest. So
one plain finding in a thousand lines costs a point, one in ten lines leaves half, and every fix is felt, however many
are to come.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

from backend_team.findings import Severity
from backend_team.lsp import convert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from backend_team.findings import ModuleReport

BEST: Final = 100.0
LINES: Final = 1000
HALF: Final = 100  # weighted findings in so many lines that leave half of the best
OF_AN_ERROR: Final = 5


class Score(NamedTuple):
    """The score of so many lines with findings of such a weight."""

    lines: int
    weight: int

    @property
    def value(self) -> float:
        """The score, above 0; the best while no line was looked at."""
        return BEST * HALF / (HALF + self.weight * LINES / self.lines) if self.lines else BEST

    def gain(self, weight: int) -> float:
        """How many points higher the score is without findings of a weight."""
        return Score(self.lines, max(0, self.weight - weight)).value - self.value


class Tally:
    """Lines and weighted findings of each file, by its path (a URI where there is none), and their sums."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[int, int]] = {}
        self._lines = 0
        self._weight = 0

    @property
    def paths(self) -> list[str]:
        """The paths of the files that count."""
        return list(self._files)

    @property
    def score(self) -> float:
        """The score, to a tenth."""
        return round(self.now.value, 1)

    @property
    def now(self) -> Score:
        """The score with what it is made of."""
        return Score(self._lines, self._weight)

    def put(self, path: str, lines: int, weight: int) -> None:
        """Count a file as it is now."""
        self.drop(path)
        self._files[path] = lines, weight
        self._lines += lines
        self._weight += weight

    def drop(self, path: str) -> None:
        """Count a file no more."""
        lines, weight = self._files.pop(path, (0, 0))
        self._lines -= lines
        self._weight -= weight

    def forget(self, gone: Iterable[Path], stay: Collection[str]) -> None:
        """Count no more what is at or below paths, but for those that `stay`."""
        places = {str(path) for path in gone}
        for path in [path for path in self._files if path not in stay and is_at(path, places)]:
            self.drop(path)

    def keep_only(self, folder: Path, files: Iterable[Path], stay: Collection[str]) -> None:
        """Of what is below a folder count only these files, and those that `stay`."""
        kept = {str(path) for path in files}
        below = f"{folder}{os.sep}"
        for path in [path for path in self._files if path.startswith(below)]:
            if path not in kept and path not in stay:
                self.drop(path)


def weight_of(report: ModuleReport) -> int:
    """The weight of what is said of a document."""
    errors = sum(one.severity is Severity.ERROR for one in report.findings)
    errors += sum(one.kind == "syntax" for one in report.problems)
    return len(report.findings) + len(report.problems) + errors * (OF_AN_ERROR - 1)


def weight_of_items(items: Iterable[convert.JSON]) -> int:
    """The weight of diagnostics."""
    return sum(weight_of_severity(item["severity"]) for item in items)


def weight_of_severity(severity: int) -> int:
    """The weight of a diagnostic of a severity of the protocol."""
    return OF_AN_ERROR if severity == convert.SEVERITY["error"] else 1


def is_at(path: str, places: Collection[str]) -> bool:
    """Whether a path is one of some places, or below one."""
    if path in places:
        return True
    end = path.rfind(os.sep)
    while end > 0:
        if path[:end] in places:
            return True
        end = path.rfind(os.sep, 0, end)
    return False
