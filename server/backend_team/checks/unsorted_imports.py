"""Imports out of order: capture `region` (from the line of the first import to the end of the line of the last).

Only imports that follow one another are one region: other code between them, and a comment for isort, stays where it
is. Safe when the imports of the project's own modules keep their order: sorting them can break a cycle that worked.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.checks.import_layout import is_commented, line_start, sorted_region
from backend_team.checks.import_order import is_ordered, line_of, order, own_modules, section
from backend_team.checks.view import Hit
from backend_team.findings import Safety
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_team.checks.import_order import ImportLine
    from backend_team.checks.view import Scope, View
    from backend_team.checks.whole import Block
    from backend_team.settings import Settings

Import = ast.Import | ast.ImportFrom
WANTS: Final = ("imports",)
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_SWITCH: Final = re.compile(r"\bisort\s*:\s*(skip_file|off|on)\b")


def check_blocks(blocks: Sequence[Block], path: str, settings: Settings) -> Iterator[Hit]:
    """Find the unsorted regions of a module."""
    own = own_modules(settings, path)
    for run, first in _runs(blocks):
        if not _is_sorted(run, own):
            above = "".join(block.text for block in blocks[:first])
            yield from _region(run, above, own, bool(settings.modules))


def _runs(blocks: Sequence[Block]) -> Iterator[tuple[list[Block], int]]:
    """The blocks of imports that follow one another, with the index of the first."""
    run: list[Block] = []
    for index, block in enumerate(blocks):
        if block.analysis.facts.lines and block.error is None:
            run.append(block)
        elif run:
            yield run, index - len(run)
            run = []
    if run:
        yield run, len(blocks) - len(run)


def _region(run: list[Block], above: str, own: frozenset[str], known: bool) -> Iterator[Hit]:
    text = "".join(block.text for block in run)
    bare = _without_head(text)
    begin = len(text) - len(bare)
    directives = _SWITCH.findall(above + text[:begin])
    if directives and directives[-1] != "on":
        return
    commented = is_commented(text, begin)
    yield from _hits(bare.rstrip("\r\n"), len(above) + begin, own, known, commented)


def _hits(text: str, start: int, own: frozenset[str], known: bool, commented: bool) -> Iterator[Hit]:
    found = sorted_region(text, own, known, commented)
    if found is not None:
        line = _LINE_END.split(text[found.first :], 1)[0].partition("#")[0].rstrip()
        yield Hit(
            Span(start + found.first, start + found.first + len(line)),
            None,
            (("region", Span(start, start + len(text))),),
            None if found.harmless else Safety.REVIEW,
            anchor=start,
        )


def _is_sorted(run: list[Block], own: frozenset[str]) -> bool:
    """Whether it shows at a glance; otherwise the text is looked at."""
    before: ImportLine | None = None
    for block in run:
        if len(block.analysis.facts.lines) != 1:
            return False
        line = block.analysis.facts.lines[0]
        if not is_ordered(line):
            return False
        if before is not None:
            apart = section(before, own) != section(line, own)
            text = block.text
            blank = text[0] in "\r\n"
            if (
                apart != blank
                or (blank and text[1:2] in {"\n", "\r"})
                or (line.joins and before.joins and _one(before, line))
            ):
                return False
            if not order(before, own) < order(line, own):
                return False
        before = line
    return True


def _one(before: ImportLine, line: ImportLine) -> bool:
    return (before.module, before.level) == (line.module, line.level)


def _without_head(text: str) -> str:
    """The text from the line of the first import."""
    rest = text
    while rest and rest.lstrip(" \t\x0c\ufeff")[:1] in {"#", "\n", "\r"}:
        end = _LINE_END.search(rest)
        rest = rest[end.end() :] if end is not None else ""
    return rest.removeprefix("\ufeff")


def check_scope(scope: Scope, view: View) -> Iterator[Hit]:
    """Find the unsorted regions of functions and of indented imports."""
    if not scope.imports:
        return
    nodes = sorted((node for node in scope.imports if node.col_offset), key=lambda node: node.lineno)
    run: list[Import] = []
    for node in nodes:
        if run and not _follows(run[-1], node, view):
            yield from _indented(run, view)
            run = []
        run.append(node)
    if run:
        yield from _indented(run, view)


def _follows(before: Import, node: Import, view: View) -> bool:
    if before.col_offset != node.col_offset:
        return False
    between = view.text[view.end(before) : view.start(node)]
    rows = _LINE_END.split(between)
    return len(rows) > 1 and all(not row.strip() or row.lstrip().startswith("#") for row in rows)


def _indented(run: list[Import], view: View) -> Iterator[Hit]:
    if len(run) == 1 and is_ordered(line_of(run[0])):
        return
    start, end = view.start(run[0]), view.end(run[-1])
    begin = line_start(view.text, start)
    if view.text[begin:start].strip():
        return
    rest = _LINE_END.search(view.text, end)
    text = view.text[begin : rest.start() if rest is not None else len(view.text)]
    settings = view.settings
    yield from _hits(text, begin, settings.modules, bool(settings.modules), is_commented(view.text, begin))
