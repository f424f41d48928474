"""Reports on their way to the reader: through the format that was asked for, counted, with a summary at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from backend_team.cli import statistics
from backend_team.cli.excerpts import counted
from backend_team.cli.formats import Context, format_named, root_of
from backend_team.cli.terminal import coloured
from backend_team.findings import UNJUDGED, Safety

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator

    from backend_team.cli.chosen import Chosen
    from backend_team.cli.formats import Format
    from backend_team.library import Report
    from backend_team.workspace.baseline import Entry

_TOGETHER: Final = 32_768  # characters


def print_reports(
    reports: Iterable[Report],
    options: argparse.Namespace,
    context: Context,
    stream: IO[str],
    last: Callable[[], str] = str,
) -> int:
    """Write reports as they come, with what there is to say at last.

    1 when something was found, 2 when a file could not be judged.
    """
    tally = Tally()
    for text in _together(_format(options)(tally.counting(reports), context), 0 if stream.isatty() else _TOGETHER):
        stream.write(text)
    if options.format == "text":
        stream.write(tally.summary(options) + last())
    return 2 if tally.unjudged else int(tally.spoken > 0)


def _together(pieces: Iterable[str], least: int) -> Iterator[str]:
    """The pieces joined to texts that are worth a write: a stream may be without a buffer of its own."""
    waiting: list[str] = []
    length = 0
    try:
        for piece in pieces:
            waiting.append(piece)
            length += len(piece)
            if length > least:
                yield "".join(waiting)
                waiting.clear()
                length = 0
    except Exception:  # what was found before comes first
        yield "".join(waiting)
        raise
    yield "".join(waiting)


def context_of(work: Chosen, stream: IO[str]) -> Context:
    """What formats need beside the reports, for what is written to a stream."""
    root = root_of(Path.cwd())
    return Context(work.rules, root, keys_for(root), coloured(stream))


def keys_for(root: Path) -> Callable[[Report], list[str]]:
    """Makes for each finding of a report a text that stays while lines move: what a baseline knows it as."""

    def keys(report: Report) -> list[str]:
        from backend_team.workspace.baseline import DEFAULT_PLACE, Baseline

        baseline = Baseline(root / DEFAULT_PLACE, {})
        seen: Counter[Entry] = Counter()
        found = []
        for entry in baseline.keys(report.found, report.source):
            seen[entry] += 1
            found.append(sha256("\t".join((*entry, str(seen[entry]))).encode("utf-8", "replace")).hexdigest())
        return found

    return keys


def speaks(report: Report) -> bool:
    """Whether there is something to print."""
    return bool(report.findings or report.problems)


def _format(options: argparse.Namespace) -> Format:
    if options.statistics:
        return statistics.as_json if options.format == "json" else statistics.as_text
    return format_named(options.format)


@dataclass
class Tally:
    """Counts what passes by."""

    files: int = 0
    spoken: int = 0
    findings: int = 0
    problems: int = 0
    unjudged: int = 0
    safe: int = 0
    to_review: int = 0

    def counting(self, reports: Iterable[Report]) -> Iterator[Report]:
        """The reports, counted."""
        for report in reports:
            self.files += 1
            self.spoken += speaks(report)
            self.findings += len(report.findings)
            self.problems += len(report.problems)
            self.unjudged += any(problem.kind in UNJUDGED for problem in report.problems)
            for finding in report.findings:
                self.safe += finding.safety is Safety.SAFE
                self.to_review += finding.safety is Safety.REVIEW
            yield report

    def summary(self, options: argparse.Namespace) -> str:
        """The last line."""
        if not self.files:
            return "No Python files were changed.\n" if options.changed is not None else "No Python files here.\n"
        if not self.spoken:
            return f"{counted(self.files, 'file')}, nothing found.\n"
        text = f"\n{counted(self.findings, 'finding')} in {counted(self.spoken, 'file')} of {self.files:,}"
        if self.problems:
            text += f", {counted(self.problems, 'problem')}"
        ways = []
        if self.safe:
            ways.append(f"{self.safe:,} can be fixed safely: backend-team fix")
        if self.to_review:
            ways.append(f"{self.to_review:,} after a review: backend-team fix --unsafe")
        return f"{text}; {'; '.join(ways)}\n" if ways else f"{text}.\n"
