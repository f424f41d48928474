"""A worker process: checks or fixes files for `scan`.

It is forked, or started as `python -P -m backend_team.workspace.worker`. It talks with the process that started it in
pickled frames over two pipes; nothing is read from disk but the files it is told to.
"""

from __future__ import annotations

import gc
import os
import pickle
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from backend_team.errors import BackendTeamError, FileError
from backend_team.findings import Finding, ModuleReport, Problem, Safety, Withheld
from backend_team.text import Edit, Source, Span
from backend_team.workspace import files
from backend_team.workspace.results import Mark, Row, packed, read_marked

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


class Checked(NamedTuple):
    """The report of a file, packed for the way to another process and to the disk."""

    row: Row
    mark: Mark | None


class Batch(NamedTuple):
    """Files that are judged alike."""

    settings: Settings
    paths: list[str]


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker does with every file it is given: check it, or fix it and write it back when told to."""

    rules: RuleSet
    safety: Safety | None = None
    only: frozenset[str] | None = None
    write: bool = False

    def carry_out(self, path: str, settings: Settings) -> Checked | FixedFile:
        """Check or fix one file; trouble is data."""
        try:
            return self._check(path, settings) if self.safety is None else self._fix(path, settings, self.safety)
        except FileError as error:
            return self.failed(path, str(error), "file")
        except Exception as error:  # a fault of ours in one file must not cost the others
            return self.failed(path, f"could not be worked on: {type(error).__name__}: {error}")

    def failed(self, path: str, message: str, kind: str = "fault") -> Checked | FixedFile:
        """The answer for a file that could not be worked on."""
        report = ModuleReport(path, None, (), (Problem(message, Span(0, 0), kind),))
        return Checked(packed(report), None) if self.safety is None else FixedFile(path, None, (), (), (), report)

    def _check(self, path: str, settings: Settings) -> Checked:
        from backend_team.analysis.module import analyse

        source, mark = _read(path)
        return Checked(packed(analyse(source, self.rules, settings)), mark)

    def _fix(self, path: str, settings: Settings, safety: Safety) -> FixedFile:
        from backend_team.analysis.module import analyse
        from backend_team.fixes.fix import fix_all

        source = files.read(Path(path))
        done = fix_all(source, self.rules, settings, safety=safety, only=self.only)
        report = analyse(done.source, self.rules, settings)
        if self.write and done.edits:
            try:
                files.write(done.source, before=source)
            except BackendTeamError as error:
                return FixedFile(path, source.text, (), (), (), _troubled(report, str(error)))
        applied = tuple((each.rule, each.title) for each in done.applied)
        return FixedFile(path, source.text, done.edits, applied, done.withheld, report)


def _read(path: str) -> tuple[Source, Mark]:
    try:
        content, mark = read_marked(path)
    except OSError as error:
        raise FileError(f"{path} can't be read: {error.strerror or error}") from None
    return files.decode(Path(path), content), mark


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


def serve(order: Order, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
    """Carry out the order for each batch until no more come; every file is answered when it is done."""
    gc.disable()
    try:
        while True:
            batch: Batch = receive(incoming)
            for path in batch.paths:
                send(outgoing, order.carry_out(path, batch.settings))
                gc.collect(0)  # the trees of this file, while they are warm; what lives longer is not looked at again
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return


def main() -> None:
    """Serve until stdin ends."""
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print must not damage a frame
    try:
        order: Order = receive(incoming)
    except (EOFError, KeyboardInterrupt):
        return
    serve(order, incoming, outgoing)


if __name__ == "__main__":
    main()
