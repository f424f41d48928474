"""Fixes on save: what was typed since the last commit keeps its names, for the next line may use them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Final

from backend_team.errors import BackendTeamError, FileError
from backend_team.findings import Safety, Tag
from backend_team.workspace import files, git

if TYPE_CHECKING:
    from backend_team.findings import Finding
    from backend_team.fixes.fix import FixAll
    from backend_team.lsp.jobs import Judge
    from backend_team.text import Source

NAMES: Final = frozenset({"imports", "variables"})  # categories whose superfluous findings are names
_LINE_END: Final = re.compile(r"\r\n|\n|\r")


def fix_on_save(judge: Judge, source: Source, only: frozenset[str] | None) -> FixAll:
    """The safe fixes of a text, without those that take away a name of a line that is new."""
    from backend_team.fixes.fix import fix_all

    before = _lines(_before(Path(source.path)))
    seen: dict[str, frozenset[int]] = {}

    def spared(current: Source, finding: Finding) -> bool:
        rule = judge.rules.by_id[finding.rule]
        if rule.category not in NAMES or Tag.UNNECESSARY not in finding.tags:
            return False
        if current.text not in seen:
            seen.clear()
            seen[current.text] = added_lines(before, _lines(current.text))
        lines = current.lines
        first, last = lines.line_of(finding.span.start), lines.line_of(max(finding.span.start, finding.span.end - 1))
        return any(line in seen[current.text] for line in range(first, last + 1))

    return fix_all(source, judge.rules, judge.settings, safety=Safety.SAFE, only=only, spared=spared)


def added_lines(before: list[str], now: list[str]) -> frozenset[int]:
    """The lines, from 0, that are not in the text before."""
    start = 0
    while start < min(len(before), len(now)) and before[start] == now[start]:
        start += 1
    end = 0
    while end < min(len(before), len(now)) - start and before[-1 - end] == now[-1 - end]:
        end += 1
    matcher = SequenceMatcher(None, before[start : len(before) - end], now[start : len(now) - end])
    return frozenset(
        start + line
        for kind, _, _, first, last in matcher.get_opcodes()
        if kind != "equal"
        for line in range(first, last)
    )


def _before(path: Path) -> str:
    """The text as it was last committed; as it was last saved where there is no git; empty for a new file."""
    try:
        content = git.committed(path)
        return "" if content is None else files.decode(path, content).text
    except FileError:  # what was committed can't be decoded: everything is new
        return ""
    except BackendTeamError:
        pass
    try:
        return files.read(path).text
    except FileError:
        return ""


def _lines(text: str) -> list[str]:
    return _LINE_END.split(text)
