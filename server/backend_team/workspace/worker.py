"""A worker process: `python -P -m backend_team.workspace.worker` checks or fixes one file after the other for `scan`.

Talks with the process that started it in pickled frames over its own stdin and stdout; nothing is read from disk but
the files it is told to.
"""

from __future__ import annotations

import os
import pickle
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from backend_team.analysis.module import analyse
from backend_team.errors import BackendTeamError
from backend_team.findings import Finding, ModuleReport, Problem, Safety, Withheld
from backend_team.text import Edit, Source, Span
from backend_team.workspace import files

if TYPE_CHECKING:
    from backend_team.rules.model import RuleSet
    from backend_team.settings import Settings

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class FixedFile:
    """What fixing did to one file: the edits counted in the text before, and what is left.

    `before` and `after` are None when the file could not be read; `report` is of the text after.
    """

    path: str
    before: str | None
    edits: tuple[Edit, ...]
    applied: tuple[tuple[str, str], ...]
    withheld: tuple[Withheld, ...]
    report: ModuleReport


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker does with every file it is given: check it, or fix it and write it back when told to."""

    rules: RuleSet
    settings: Settings
    safety: Safety | None = None
    only: frozenset[str] | None = None
    write: bool = False

    def carry_out(self, path: str) -> ModuleReport | FixedFile:
        """Check or fix one file; trouble is data."""
        try:
            source = files.read(Path(path))
        except BackendTeamError as error:
            return self.failed(path, str(error), "file")
        if self.safety is None:
            return analyse(source, self.rules, self.settings)
        return self._fix(path, source, self.safety)

    def failed(self, path: str, message: str, kind: str = "fault") -> ModuleReport | FixedFile:
        """The answer for a file that could not be worked on."""
        report = ModuleReport(path, None, (), (Problem(message, Span(0, 0), kind),))
        return report if self.safety is None else FixedFile(path, None, (), (), (), report)

    def _fix(self, path: str, source: Source, safety: Safety) -> FixedFile:
        from backend_team.fixes.fix import fix_all

        done = fix_all(source, self.rules, self.settings, safety=safety, only=self.only)
        report = analyse(done.source, self.rules, self.settings)
        if self.write and done.edits:
            try:
                files.write(done.source, before=source)
            except BackendTeamError as error:
                return FixedFile(path, source.text, (), (), (), _troubled(report, str(error)))
        applied = tuple((each.rule, each.title) for each in done.applied)
        return FixedFile(path, source.text, done.edits, applied, done.withheld, report)


def _troubled(report: ModuleReport, message: str) -> ModuleReport:
    problems = (*report.problems, Problem(message, Span(0, 0), "file"))
    findings: tuple[Finding, ...] = report.findings
    return ModuleReport(report.path, report.version, findings, problems)


def send(stream: IO[bytes], value: Any) -> None:
    """Write one frame."""
    content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read one frame; `EOFError` when the other side is gone."""
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(header)
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return pickle.loads(content)  # from our own parent or child, never from disk


def main() -> None:
    """Serve until stdin ends."""
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not damage a frame
    try:
        order: Order = receive(incoming)
        while True:
            send(outgoing, order.carry_out(receive(incoming)))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return


if __name__ == "__main__":
    main()
