"""refurb's test data: on which lines it reports, asked of our rules and of Ruff's; and where it reports nothing.

A line is right when what refurb reports there is found on it: by us through `equivalents`, by Ruff under the same
number. Beside each `err_NNN.py` lies what refurb says of it, a finding per line.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from backend_team.analysis.module import analyse
from backend_team.rules.load import load_rules
from backend_team.settings import Settings
from backend_team.text import Source
from tests.outside.score import Measure, Score

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_SAID: Final = re.compile(r"[^:]+:(\d+):\d+ \[(FURB\d+)\]")
_NUMBER: Final = re.compile(r"err_(\d+)")
_PRAGMA: Final = re.compile(r"#\s*noqa.*")
_FLOOR: Final = 222  # lines: what Ruff 0.17.5 finds
_QUIET_FLOOR: Final = 0.98  # of the lines on which refurb says nothing
_TARGET: Final = (3, 12)
Places = frozenset[tuple[int, str]]  # line and code


@dataclass(frozen=True, slots=True)
class Case:
    """One file: what refurb finds in it; `own` is the code that the file is about."""

    path: Path
    text: str
    wanted: Places
    own: str
    hushed: frozenset[int]  # lines on which refurb would report what the file is about, but is told not to

    def right(self, found: Places) -> set[int]:
        """The lines on which what refurb reports is found."""
        return {line for line, _ in self.wanted & found}

    def loud(self, found: Places) -> set[int]:
        """The lines on which the code of the file is found and refurb says nothing."""
        return {line for line, code in found if code == self.own} - {line for line, _ in self.wanted} - self.hushed

    def quiet(self) -> set[int]:
        """The lines with code on which refurb says nothing."""
        lines = {number for number, line in enumerate(self.text.split("\n"), 1) if line.strip("# \t")}
        return lines - {line for line, _ in self.wanted}


def cases(folder: Path) -> Iterator[Case]:
    """The files of the suite in a clone of refurb."""
    for said in sorted(folder.glob("test/data/*.txt")):
        path = said.with_suffix(".py")
        found = map(_SAID.match, said.read_text(encoding="utf-8").splitlines())
        wanted = frozenset((int(each[1]), each[2]) for each in found if each)
        # Pragmas in it keep other rules of refurb silent on lines of this one; here each rule speaks for itself.
        text = path.read_text(encoding="utf-8")
        number = _NUMBER.match(path.stem)
        own = f"FURB{number[1]}" if number else "no code"
        pragmas = map(_PRAGMA.search, text.split("\n"))
        hushed = frozenset(line for line, each in enumerate(pragmas, 1) if each and own in each[0])
        yield Case(path, _PRAGMA.sub("", text), wanted, own, hushed)


def ours(case: Case, codes: Mapping[str, Sequence[str]]) -> Places:
    """What our rules find: the codes they are equivalent to, with lines."""
    source = Source(case.path.name, case.text)
    findings = analyse(source, _RULES, _ALL).findings
    return frozenset(
        (source.lines.line_of(each.span.start) + 1, code) for each in findings for code in codes.get(each.rule, ())
    )


def ruffs(every: Sequence[Case]) -> dict[Path, Places]:
    """What Ruff finds in each file, all its rules of refurb's numbers and preview ones included."""
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--preview", "--exit-zero"]
    command += ["--ignore-noqa", "--target-version", f"py{_TARGET[0]}{_TARGET[1]}", "--output-format", "json"]
    command += ["--select", "FURB", *(str(case.path) for case in every)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
    for row in json.loads(done.stdout):
        found[row["filename"]].add((row["location"]["row"], row["code"] or ""))
    return {case.path: frozenset(found[str(case.path.resolve())]) for case in every}


def score(folder: Path) -> Score:
    """The score of ours and of Ruff's."""
    every = list(cases(folder))
    codes = {
        rule.id: [name.removeprefix("refurb:") for name in rule.equivalents if name.startswith("refurb:")]
        for rule in _RULES
    }
    theirs = ruffs(every)
    right = right_ruff = quiet = loud = loud_ruff = total = 0
    missed: list[str] = []
    for case in every:
        mine = ours(case, codes)
        total += len({line for line, _ in case.wanted})
        right += len(case.right(mine))
        right_ruff += len(case.right(theirs[case.path]))
        quiet += len(case.quiet())
        loud += len(case.loud(mine))
        loud_ruff += len(case.loud(theirs[case.path]))
        missed += _missed(case, mine)
    return Score(
        "refurb",
        (
            Measure("lines", total, right, right_ruff, _FLOOR),
            Measure("silence", quiet, quiet - loud, quiet - loud_ruff, int(quiet * _QUIET_FLOOR)),
        ),
        tuple(missed),
    )


def _missed(case: Case, mine: Places) -> Iterator[str]:
    lines = case.text.split("\n")
    known = case.right(mine)
    for line, code in sorted(case.wanted):
        if line not in known:
            yield f"{case.path.name}:{line} {code} not found: {lines[line - 1].strip()}"
    for line in sorted(case.loud(mine)):
        yield f"{case.path.name}:{line} {case.own} found: {lines[line - 1].strip()}"


_RULES: Final = load_rules()
_ALL: Final = Settings(select=frozenset({"all"}), target_version=_TARGET)
