"""`backend-team check`: findings of files."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from backend_team.cli.chosen import chosen
from backend_team.cli.printing import context_of, print_reports, speaks
from backend_team.cli.standing_down import sentence
from backend_team.cli.terminal import with_progress
from backend_team.errors import BackendTeamError
from backend_team.library import report_of
from backend_team.workspace.scan import scan

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from backend_team.cli.chosen import Chosen
    from backend_team.cli.known import Known
    from backend_team.library import Report
    from backend_team.workspace.git import Changed
    from backend_team.workspace.results import Results


_NOT_WITH_WRITING: Final = ("baseline", "changed", "diff", "ignore", "select", "stdin", "watch")


def run(options: argparse.Namespace) -> int:
    """Check files; 1 when something was found, 2 when a file could not be judged."""
    _refuse_contradictions(options)
    if options.stdin:
        from backend_team.cli import stdin

        return stdin.check(options)
    if options.diff:
        from backend_team.cli.fix import run as fix

        return fix(options)
    if options.watch:
        from backend_team.cli.watch import watch

        return watch(options)
    check = Check(options)
    reports = check.reports(check.files())
    if options.write_baseline is not None:
        from backend_team.cli.known import place_of, write

        return write(place_of(check.work, options.write_baseline), reports)
    return print_reports(reports, options, context_of(check.work, sys.stdout), sys.stdout, check.last_words)


def _refuse_contradictions(options: argparse.Namespace) -> None:
    pairs = (
        ("fix", "diff", "--diff shows what --fix would do"),
        ("watch", "diff", "leave --diff out"),
        ("watch", "stdin", "name files and folders to watch"),
        ("changed", "stdin", "name the file instead"),
        ("baseline", "diff", "leave --baseline out"),
        *(("write_baseline", other, "it writes down all that is found") for other in _NOT_WITH_WRITING),
    )
    for one, other, hint in pairs:
        if all(getattr(options, name) is not None and getattr(options, name) is not False for name in (one, other)):
            second = "-" if other == "stdin" else f"--{other}"
            raise BackendTeamError(f"--{one.replace('_', '-')} and {second} don't go together", hint=hint)
    if options.watch and options.format != "text":
        raise BackendTeamError(f"--watch prints text, not {options.format}", hint="leave --format out")
    if options.unsafe and not (options.fix or options.diff):
        raise BackendTeamError("--unsafe needs --fix or --diff", hint="backend-team check --fix --unsafe")
    if options.statistics and options.format not in {"text", "json"}:
        raise BackendTeamError(f"--statistics has no format {options.format}", hint="it has text and json")


def known_to(work: Chosen, named: str | None) -> Known | None:
    """The baseline that was asked for, by an argument or by the settings."""
    if named is None and work.settings.baseline is None:
        return None
    from backend_team.cli.known import Known, place_of

    return Known(place_of(work, named or ""))


class Check:
    """What a run of `check` looks at, and what the arguments leave out."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.work = chosen(options)
        self._changed: Changed | None = None
        if options.changed is not None:
            from backend_team.cli.changed import changed_lines

            self._changed = changed_lines(self.work, options.changed)
        self._known = known_to(self.work, options.baseline) if options.write_baseline is None else None

    def files(self) -> list[Path]:
        """The files, sorted; with --changed those that were."""
        changed = self._changed
        return sorted(path for path in self.work.files() if changed is None or path.resolve() in changed)

    def reports(self, files: Sequence[Path]) -> Iterator[Report]:
        """The reports of files, in their order, after fixing when asked to."""
        for report in with_progress(self._all(files), len(files), "Checking", speaks):
            yield self._filtered(report)

    def last_words(self) -> str:
        """What to say after the summary."""
        every_rule = not (self.options.select or self.options.ignore)
        return sentence(self.work) + ("" if self._known is None else self._known.summary(every_rule=every_rule))

    def _filtered(self, report: Report) -> Report:
        if self._known is not None:
            report = self._known.only_new(report)
        if self._changed is not None:
            from pathlib import Path

            from backend_team.cli.changed import only

            report = only(report, self._changed[Path(report.path).resolve()])
        return report

    def _results(self, files: Sequence[Path]) -> AbstractContextManager[Results | None]:
        """What earlier runs found, unless that is not wanted, or nothing is looked for."""
        if self.options.no_cache or not files:
            return nullcontext()
        from backend_team.workspace.results import Results

        return Results.of_this_machine()

    def _all(self, files: Sequence[Path]) -> Iterator[Report]:
        options, work = self.options, self.work
        if not options.fix:
            with self._results(files) as results:
                found = scan(files, work.rules, work.resolver, jobs=options.jobs, results=results)
                yield from map(report_of, found)
            return
        from backend_team.cli.fix import Fixing, safety_of

        fixing = Fixing(work, safety_of(options), write=True, jobs=options.jobs)
        for done in fixing.files(files):
            yield report_of(done.report)
        fixing.say_what_was_done()
