"""What a status adds up, from sums that every look at a file keeps up to date: the quality score.

The score is 100 less the weighted findings in a thousand lines, and never below 0: of what is shown now, in the files
of the workspace and the open documents. As in Pylint's own evaluation an error weighs five times as much as anything
else. So one plain finding in ten lines leaves nothing, and one in a thousand lines costs a point.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.findings import Severity
from backend_team.lsp import convert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from backend_team.findings import ModuleReport

BEST: Final = 100.0
LINES: Final = 1000
OF_AN_ERROR: Final = 5


class Tally:
    """Lines and weighted findings of each file, by its path (a URI where there is none), and their sums."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[int, int]] = {}
        self._lines = 0
        self._weight = 0

    @property
    def score(self) -> float:
        """The score, to a tenth; the best while no line was looked at."""
        if not self._lines:
            return BEST
        return round(max(0.0, BEST - self._weight * LINES / self._lines), 1)

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
        for path in [path for path in self._files if path not in stay and _is_at(path, places)]:
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
    return sum(OF_AN_ERROR if item.get("severity") == convert.SEVERITY["error"] else 1 for item in items)


def _is_at(path: str, places: Collection[str]) -> bool:
    return path in places or any(str(above) in places for above in Path(path).parents)
