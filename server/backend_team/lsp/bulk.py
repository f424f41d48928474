"""What worker processes do for the workspace as a whole: fixes of many files, and the baseline."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.errors import FileError
from backend_team.findings import UNJUDGED, Safety
from backend_team.lsp import convert, jobs
from backend_team.workspace import files
from backend_team.workspace.baseline import Baseline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from backend_team.findings import ModuleReport
    from backend_team.text import Encoding, Source
    from backend_team.workspace.results import Results

UTF_8: Final = frozenset({"utf-8", "utf-8-sig"})  # what an editor takes a file for


@dataclass(frozen=True, slots=True)
class FixedText:
    """The fixes of one file; `content` is the hash of what was on disk, `fault` says why the file was left alone."""

    path: Path
    content: str = ""
    edits: list[convert.JSON] = field(default_factory=list)
    applied: int = 0
    withheld: tuple[tuple[str, int, str], ...] = ()
    fault: str = ""


def fix_files(
    judge: jobs.Judge, paths: Sequence[Path], only: frozenset[str] | None, safety: Safety, encoding: Encoding
) -> list[FixedText]:
    """Fix the first files, as many as a turn allows and one at least; nothing is written."""
    end = time.monotonic() + jobs.TURN
    found: list[FixedText] = []
    with jobs.known_results() as results:
        for path in paths:
            found.append(_fix(judge, path, only, safety, encoding, results))
            if time.monotonic() > end:
                break
    return found


def fix_text(
    judge: jobs.Judge, source: Source, only: frozenset[str] | None, safety: Safety, encoding: Encoding
) -> FixedText:
    """Fix the text of an open document."""
    done = jobs.fix_file(judge, source, only, safety)
    lines = done.source.lines  # withheld fixes count in the text after
    withheld = tuple(
        (one.rule, lines.line_of(min(one.span.start, len(lines.text))), one.reason) for one in done.withheld
    )
    edits = convert.text_edits(source.lines, done.edits, encoding)
    return FixedText(Path(source.path), "", edits, len(done.applied), withheld)


def changed(known: Mapping[Path, str]) -> list[Path]:
    """The files that are no longer what they were."""
    return [path for path, content in known.items() if _hash(path) != content]


def _fix(
    judge: jobs.Judge,
    path: Path,
    only: frozenset[str] | None,
    safety: Safety,
    encoding: Encoding,
    results: Results,
) -> FixedText:
    settings = judge.of(path)
    known = results.find(str(path), judge.rules.digest, settings)
    taken = {Safety.SAFE, safety}
    if known is not None and not any(
        one.safety in taken and (only is None or one.rule in only) for one in known.findings
    ):
        return FixedText(path)
    content = _hash(path)
    try:
        source = files.read(path)
    except FileError as error:
        return FixedText(path, fault=error.message if os.path.exists(path) else "")  # noqa: PTH110 - one that raises for no place
    found = fix_text(jobs.Judge(judge.packed, settings), source, only, safety, encoding)
    if found.edits and source.encoding not in UTF_8:
        return FixedText(path, fault=f"it is in {source.encoding}; backend-team fix takes it as it is")
    return FixedText(path, content, found.edits, found.applied, found.withheld)


def _hash(path: Path) -> str:
    try:
        return blake2b(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def write_baseline(
    judge: jobs.Judge, place: Path, paths: Sequence[Path], texts: Mapping[Path, Source]
) -> tuple[int, int]:
    """Make what is found now what is known; how much that is, and how many files could not be judged.

    `texts` are those of open documents.
    """
    from backend_team.analysis.module import analyse

    try:
        before = Baseline.load(place)
    except FileError:  # absent, or damaged: it is written anew
        before = Baseline(place, {})
    unjudged = 0

    def checked() -> Iterator[tuple[ModuleReport, Source | None]]:
        nonlocal unjudged
        with jobs.known_results() as results:
            for path in paths:
                source: Source | None = texts.get(path)
                try:
                    if source is not None:
                        report = analyse(source, judge.rules, judge.of(path))
                    else:
                        report, source = jobs.report_of(judge, path, results)
                except FileError:
                    unjudged += os.path.exists(path)  # noqa: PTH110 - one that raises for no place
                    continue
                unjudged += any(problem.kind in UNJUDGED for problem in report.problems)
                yield report, source

    after = before.updated(checked())
    after.write()
    return len(after), unjudged
