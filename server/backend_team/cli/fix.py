"""`backend-team fix`: apply fixes to files."""

from __future__ import annotations

import sys
from difflib import unified_diff
from typing import TYPE_CHECKING

from backend_team.cli.chosen import Chosen, chosen
from backend_team.cli.excerpts import counted, shown
from backend_team.findings import Safety
from backend_team.text import LineIndex, apply
from backend_team.workspace.scan import fix_files

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from backend_team.workspace.worker import FixedFile


def run(options: argparse.Namespace) -> int:
    """Fix files; 1 with --diff when there is something to change, 2 when a file could not be fixed."""
    safety = Safety.REVIEW if options.unsafe else Safety.SAFE
    return fix(chosen(options), safety, diff=options.diff, jobs=options.jobs)


def fix(work: Chosen, safety: Safety, *, diff: bool, jobs: int | None = None) -> int:
    """Apply fixes up to a safety to every file, and say what was done and what was withheld."""
    applied = changed = 0
    failed = False
    files = sorted(work.files())
    for done in fix_files(files, work.rules, work.settings, safety=safety, write=not diff, jobs=jobs):
        _explain(done)
        failed = failed or any(problem.kind in {"file", "fault"} for problem in done.report.problems)
        if not done.edits or done.before is None:
            continue
        changed += 1
        applied += len(done.applied)
        if diff:
            sys.stdout.writelines(_diff(done.path, done.before, apply(done.before, done.edits)))
    verb = "would be applied" if diff else "applied"
    print(f"{counted(applied, 'fix', 'fixes')} {verb} in {counted(changed, 'file')}", file=sys.stderr)
    if failed:
        return 2
    return int(diff and changed > 0)


def _explain(done: FixedFile) -> None:
    for problem in done.report.problems:
        print(f"error: {shown(done.path)}: {problem.message}", file=sys.stderr)
    if not done.withheld or done.before is None:
        return
    lines = LineIndex(done.before)
    for one in done.withheld:
        line = lines.line_of(min(one.span.start, len(done.before))) + 1
        print(f"{shown(done.path)}:{line}: {one.rule} was withheld: {one.reason}", file=sys.stderr)


def _diff(path: str, before: str, after: str) -> Iterator[str]:
    name = shown(path)
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for line in unified_diff(old, new, f"a/{name}", f"b/{name}"):
        yield line if line.endswith(("\n", "\r")) else f"{line}\n\\ No newline at end of file\n"
