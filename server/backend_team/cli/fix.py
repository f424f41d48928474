"""`backend-team fix`: apply fixes to files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.cli.chosen import Chosen, chosen
from backend_team.cli.diff import write_patch
from backend_team.cli.excerpts import counted, shown
from backend_team.cli.standing_down import sentence
from backend_team.cli.terminal import harmless, with_progress
from backend_team.errors import FileError, StaleError
from backend_team.findings import UNJUDGED, Safety
from backend_team.text import LineIndex, apply
from backend_team.workspace.files import read
from backend_team.workspace.scan import fix_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from backend_team.findings import Withheld
    from backend_team.text import Edit
    from backend_team.workspace.worker import FixedFile


def run(options: argparse.Namespace) -> int:
    """Fix files; 1 with --diff when there is something to change, 2 when a file could not be fixed."""
    if options.stdin:
        from backend_team.cli.stdin import fix

        return fix(options)
    work = chosen(options)
    files = sorted(work.files())
    if options.changed is not None:
        from backend_team.cli.changed import changed_lines

        changed = changed_lines(work, options.changed)
        files = [path for path in files if path.resolve() in changed]
    fixing = Fixing(work, safety_of(options), write=not options.diff, jobs=options.jobs)
    for done in with_progress(fixing.files(files), len(files), "Fixing", _speaks):
        for problem in done.report.problems:
            print(f"error: {harmless(shown(done.path))}: {harmless(problem.message)}", file=sys.stderr)
        if options.diff and done.edits and done.before is not None:
            fixing.failed |= not _show(done, done.before)
    if not files:
        print("No Python files here.", file=sys.stderr)
    fixing.say_what_was_done()
    if fixing.failed:
        return 2
    return int(options.diff and fixing.changed > 0)


def safety_of(options: argparse.Namespace) -> Safety:
    """Which fixes were asked for."""
    return Safety.REVIEW if options.unsafe else Safety.SAFE


class Fixing:
    """Fixes files, counts what was done and says what was withheld."""

    def __init__(self, work: Chosen, safety: Safety, *, write: bool, jobs: int | None) -> None:
        self.work = work
        self.safety = safety
        self.write = write
        self.jobs = jobs
        self.applied = 0
        self.changed = 0
        self.failed = False

    def files(self, paths: Sequence[Path]) -> Iterator[FixedFile]:
        """What was done to each file, in their order."""
        work = self.work
        for done in fix_files(paths, work.rules, work.resolver, safety=self.safety, write=self.write, jobs=self.jobs):
            self.failed |= any(problem.kind in UNJUDGED for problem in done.report.problems)
            if done.before is not None:
                say_withheld(done.path, done.before, done.edits, done.withheld, written=self.write)
                self.changed += bool(done.edits)
                self.applied += len(done.applied) if done.edits else 0
            yield done

    def say_what_was_done(self) -> None:
        """Count, on stderr: stdout is for what a program may read."""
        verb = "applied" if self.write else "would be applied"
        print(f"{counted(self.applied, 'fix', 'fixes')} {verb} in {counted(self.changed, 'file')}", file=sys.stderr)
        sys.stderr.write(sentence(self.work))


def say_withheld(path: str, before: str, edits: Sequence[Edit], withheld: Iterable[Withheld], *, written: bool) -> None:
    """Name the fixes that could not be shown right, on stderr, with their lines in the text that is there then."""
    text = apply(before, edits) if written else before
    lines = LineIndex(text)
    for one in withheld:  # it counts in the text after
        place = one.span.start if written else _before(one.span.start, edits)
        line = lines.line_of(min(place, len(text))) + 1
        print(f"{harmless(shown(path))}:{line}: {one.rule} was withheld: {harmless(one.reason)}", file=sys.stderr)


def _before(place: int, edits: Iterable[Edit]) -> int:
    """The place in the text before that has come to a place in the text after."""
    for edit in sorted(edits):
        if place < edit.span.start:
            break
        place = max(edit.span.start, place - len(edit.text) + edit.span.end - edit.span.start)
    return place


def _speaks(done: FixedFile) -> bool:
    return bool(done.edits or done.report.problems)


def _show(done: FixedFile, before: str) -> bool:
    """Show what would change; whether the file is still the one that was looked at."""
    try:
        source = read(Path(done.path))
        if source.text != before:
            raise StaleError(f"{done.path} was changed meanwhile", hint="try again")
    except (FileError, StaleError) as error:
        print(f"error: {error}", file=sys.stderr)
        return False
    after = apply(before, done.edits)
    write_patch(shown(done.path), before.encode(source.encoding), after.encode(source.encoding, "backslashreplace"))
    return True
