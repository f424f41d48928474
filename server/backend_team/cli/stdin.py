"""`-`: a text from stdin instead of files; what is fixed goes to stdout, what is said about it to stderr."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.analysis.module import analyse
from backend_team.cli.check import known_to
from backend_team.cli.chosen import chosen
from backend_team.cli.diff import write_patch
from backend_team.cli.excerpts import counted
from backend_team.cli.fix import safety_of, say_withheld
from backend_team.cli.printing import context_of, print_reports
from backend_team.errors import FileError
from backend_team.library import report_of
from backend_team.workspace.files import decode, encoded

if TYPE_CHECKING:
    from typing import IO

    from backend_team.cli.formats import Context
    from backend_team.library import Report
    from backend_team.text import Source

NAMELESS: Final = "<stdin>"


class _Piped:
    """The text from stdin, with the rules and settings of where it is from."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        name = options.stdin_filename
        self.path = Path(name or NAMELESS)
        folder = self.path.absolute().parent if name else Path.cwd()
        while not folder.is_dir():
            folder = folder.parent
        self.work = chosen(argparse.Namespace(**{**vars(options), "paths": [str(folder)]}))
        self.settings = self.work.resolver.of(self.path.absolute())
        self.content = sys.stdin.buffer.read()

    def source(self) -> Source:
        """The text; raises `FileError`."""
        return decode(self.path, self.content)

    def report(self, source: Source) -> Report:
        """What there is to say about it."""
        report = report_of(analyse(source, self.work.rules, self.settings), source.text)
        known = known_to(self.work, getattr(self.options, "baseline", None))
        return report if known is None else known.only_new(report)

    def context(self, stream: IO[str]) -> Context:
        return context_of(self.work, stream)


def check(options: argparse.Namespace) -> int:
    """Check the text; with --fix print the fixed text and say on stderr what is left."""
    piped = _Piped(options)
    if options.diff or options.fix:
        return _fix(piped)
    report = piped.report(piped.source())
    return print_reports([report], options, piped.context(sys.stdout), sys.stdout)


def fix(options: argparse.Namespace) -> int:
    """Print the fixed text, or with --diff what would change; 2 when the text can't be read."""
    return _fix(_Piped(options))


def _fix(piped: _Piped) -> int:
    from backend_team.fixes.fix import fix_all

    options = piped.options
    diff = options.diff
    try:
        source = piped.source()
        done = fix_all(source, piped.work.rules, piped.settings, safety=safety_of(options))
        after = encoded(done.source, piped.content)
    except FileError:
        if not diff:
            sys.stdout.buffer.write(piped.content)  # whoever puts our output in its place must not lose it
        raise
    say_withheld(source.path, source.text, done.edits, done.withheld, written=not diff)
    if diff:
        write_patch(source.path, piped.content, after)
    else:
        sys.stdout.buffer.write(after)
        sys.stdout.buffer.flush()
    report = piped.report(done.source)
    if not diff and options.command == "check":
        return print_reports([report], options, piped.context(sys.stderr), sys.stderr)
    for problem in report.problems:
        print(f"error: {source.path}: {problem.message}", file=sys.stderr)
    count = counted(len(done.applied), "fix", "fixes")
    print(f"{count} {'would be applied' if diff else 'applied'}", file=sys.stderr)
    return int(diff and bool(done.edits))
