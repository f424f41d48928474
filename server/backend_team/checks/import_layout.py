"""Sorted imports: the text of a region of imports as it should be. Layout of long imports and comments stay."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from backend_team.checks.import_order import OWN, STANDARD, ImportLine, line_of, member, order, section
from backend_team.parsing import syntax_tree
from backend_team.text import LineIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST: Final = 88  # of a statement that joins others; longer ones get a line for each name
# Who writes these wants the lines as they are.
_DIRECTIVE: Final = re.compile(r"#.*\bisort\s*:|#\s*(?:fmt|yapf|ruff)\s*:|\\[\r\n]")
_EFFECTS: Final = frozenset({"antigravity", "encodings", "readline", "rlcompleter", "site", "this"})


@dataclass(frozen=True, slots=True)
class Statement:
    """An import with the lines that belong to it: those of comments above, its own with a comment behind."""

    line: ImportLine
    above: tuple[str, ...]
    text: str
    spaced: bool  # an empty line stands before its comments
    index: int
    made: bool = False  # not as it was written: its lines are not indented yet
    held: bool = False  # a comment stands above it that is not part of the region

    @property
    def is_plain(self) -> bool:
        """Whether no comment belongs to it."""
        return not self.above and not self.held and "#" not in self.text


@dataclass(frozen=True, slots=True)
class Sorted:
    """The text as it should be; `first` is the place of the first statement that moves or changes.

    `harmless` is true when no import of the project's own changes its place among them.
    """

    text: str
    first: int
    harmless: bool


def is_commented(text: str, start: int) -> bool:
    """Whether a comment stands in the line above the one that starts here."""
    above = text[:start].removesuffix("\n").removesuffix("\r")
    return above[line_start(above, len(above)) :].lstrip()[:1] == "#"


def line_start(text: str, offset: int) -> int:
    """Where the line of an offset begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


@lru_cache(512)
def sorted_region(text: str, own: frozenset[str], known: bool, commented: bool) -> Sorted | None:
    """The imports of a region sorted; None when they are, or can't be.

    The region reaches from the start of the line of its first import to the end of the line of its last. `known` says
    that `own` is all of the project; otherwise whatever is not of the standard library may be. `commented` says that a
    comment stands directly above the region.
    """
    if _DIRECTIVE.search(text):
        return None
    lines = LineIndex(text)
    read = _statements(text, lines)
    if read is None:
        return None
    before, starts = read
    before[0] = replace(before[0], held=commented)
    after: list[Statement] = []
    for statement in _joined(_split(before)):
        ordered = _with_members(statement)
        if ordered is None:
            return None
        after.append(ordered)
    after.sort(key=lambda each: (order(each.line, own), each.index))
    line_break = "\r\n" if "\r\n" in text else "\r" if "\n" not in text and "\r" in text else "\n"
    indentation = text[: len(text) - len(text.lstrip(" \t"))]
    result = _written(after, own, line_break, indentation)
    if result == text:
        return None
    moved = [each.index for each in after] != [each.index for each in before]
    changed = (index for index, (one, other) in enumerate(zip(before, after, strict=False)) if one != other)
    first = starts[next(changed, 0)]
    return Sorted(result, first, _is_harmless(before, after, own if known else None, moved, commented))


def _statements(text: str, lines: LineIndex) -> tuple[list[Statement], list[int]] | None:
    """The statements of a region and where they start; None when they share lines with something else."""
    head = 1 if text[:1] in " \t" else 0
    try:
        body: Sequence[ast.stmt] = syntax_tree("if 1:\n" + text if head else text).body
    except SyntaxError:
        return None
    if head and isinstance(body[0], ast.If):
        body = body[0].body
    found: list[Statement] = []
    starts: list[int] = []
    done = 0
    for index, node in enumerate(body):
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or node.end_lineno is None:
            return None
        first, last = node.lineno - 1 - head, node.end_lineno - 1 - head
        between = [lines.line_text(number).strip() for number in range(done, first)]
        if first < done or any(each and not each.startswith("#") for each in between):
            return None
        start, end = lines.starts[first], lines.starts[last] + len(lines.line_text(last))
        own = text[start:end].strip()
        behind = text[lines.from_utf8(last, node.end_col_offset or 0) : end].strip()
        if behind and not behind.startswith("#"):
            return None
        above = tuple(each for each in between if each)
        found.append(Statement(line_of(node), above, own, bool(above) and not between[0], index))
        starts.append(start + len(text[start:end]) - len(text[start:end].lstrip()))
        done = last + 1
    return found, starts


def _split(statements: list[Statement]) -> list[Statement]:
    """A statement for each module of `import a, b`."""
    found: list[Statement] = []
    for each in statements:
        if each.line.is_from or len(each.line.names) == 1 or "#" in each.text:
            found.append(each)
            continue
        above = each.above
        for name in each.line.names:
            line = each.line._replace(names=(name,))
            found.append(replace(each, line=line, above=above, text=f"import {_shown(name)}"))
            above = ()
    return found


def _joined(statements: list[Statement]) -> list[Statement]:
    """One statement for each module where they are plain; what is there twice only once.

    Not where `as` stands in one of them: isort keeps those where their names belong, and Ruff doesn't.
    """
    apart = {_origin(each) for each in statements if each.line.is_from and not each.line.joins}
    groups: dict[object, list[Statement]] = {}
    for each in statements:
        if not each.is_plain:
            key: object = each
        elif each.line.joins and _origin(each) not in apart:
            key = _origin(each)
        else:
            key = each.line
        groups.setdefault(key, []).append(each)
    repeated = [group for group in groups.values() if len(group) > 1 and group[0].line.joins]
    single = [group for group in repeated if all(len(each.line.names) == 1 for each in group)]
    if len(single) > 1 or any(len(group) > 2 for group in single):  # a line for each name is the style here
        return statements
    return [_one_of(group) for group in groups.values()]


def _origin(statement: Statement) -> tuple[str, int]:
    return statement.line.module, statement.line.level


def _one_of(group: list[Statement]) -> Statement:
    first = group[0]
    if len(group) == 1 or not first.line.joins:
        return first
    names = tuple(sorted({name for each in group for name in each.line.names}, key=member))
    origin = "." * first.line.level + first.line.module
    text = f"from {origin} import {', '.join(map(_shown, names))}"
    if len(text) > _LONGEST or any("\n" in each.text or "\r" in each.text for each in group):
        text = "\n".join([f"from {origin} import (", *(f"    {_shown(name)}," for name in names), ")"])
    return replace(first, line=first.line._replace(names=names), text=text, made=True)


def _shown(name: tuple[str, str]) -> str:
    return f"{name[0]} as {name[1]}" if name[1] else name[0]


def _with_members(statement: Statement) -> Statement | None:
    """The statement with its names in order; None when comments between them are in the way."""
    line = statement.line
    if not line.is_from:
        return statement if len(line.names) == 1 else None
    places = sorted(range(len(line.names)), key=lambda place: member(line.names[place]))
    if places == sorted(places):
        return statement
    lines = LineIndex(statement.text)
    node = syntax_tree(statement.text).body[0]
    assert isinstance(node, ast.ImportFrom)
    spans = [
        (
            lines.from_utf8(each.lineno - 1, each.col_offset),
            lines.from_utf8((each.end_lineno or 1) - 1, each.end_col_offset or 0),
        )
        for each in node.names
    ]
    inside = statement.text[: lines.from_utf8((node.end_lineno or 1) - 1, node.end_col_offset or 0)]
    text = (
        _by_lines(statement.text, lines, spans, places) if "#" in inside else _by_places(statement.text, spans, places)
    )
    if text is None:
        return None
    return replace(statement, line=line._replace(names=tuple(line.names[place] for place in places)), text=text)


def _by_places(text: str, spans: list[tuple[int, int]], places: list[int]) -> str:
    """Each name at the place of another; what stands between them stays."""
    parts = []
    done = 0
    for (start, end), place in zip(spans, places, strict=True):
        parts += [text[done:start], text[slice(*spans[place])]]
        done = end
    return "".join([*parts, text[done:]])


def _by_lines(text: str, lines: LineIndex, spans: list[tuple[int, int]], places: list[int]) -> str | None:
    """The lines of the names, each with its comments, in another order; None when names share lines."""
    rows = []
    done = lines.line_of(spans[0][0])
    if done != 1 or text[: lines.starts[1]].partition("#")[0].rstrip()[-1:] != "(":
        return None
    for start, end in spans:
        last = lines.line_of(end)
        row = lines.line_text(last)
        before, after = text[lines.starts[last] : start], text[end : lines.starts[last] + len(row)]
        if before.strip() or not re.fullmatch(r"\s*,?\s*(#.*)?\s*", after) or last < done:
            return None
        above = "".join(map(lines.line_text, range(done, last)))
        if any(each.strip() and not each.strip().startswith("#") for each in above.split("\n")):
            return None
        comma = after if after.lstrip().startswith(",") else "," + after
        rows.append(above + before + text[start:end] + comma)
        done = last + 1
    if lines.line_text(done).strip()[:1] != ")":
        return None
    return text[: lines.starts[1]] + "".join(rows[place] for place in places) + text[lines.starts[done] :]


def _written(statements: list[Statement], own: frozenset[str], line_break: str, indentation: str) -> str:
    """The text of the statements, with an empty line between sections and where one stood before comments."""
    rows: list[str] = []
    for index, each in enumerate(statements):
        if index:
            apart = section(each.line, own) != section(statements[index - 1].line, own)
            rows += [""] * (apart or each.spaced)
        rows += [indentation + comment for comment in each.above]
        rows.append(indentation + (each.text.replace("\n", line_break + indentation) if each.made else each.text))
    return line_break.join(rows)


def _is_harmless(
    before: list[Statement], after: list[Statement], own: frozenset[str] | None, moved: bool, commented: bool
) -> bool:
    """Whether every import that may run the project's own code comes at its old place among those that may."""

    def may_matter(line: ImportLine) -> bool:
        place = section(line, own or frozenset())
        return place >= OWN or (own is None and place > STANDARD)

    had = [(each.line.module, name) for each in before if may_matter(each.line) for name in _modules(each.line)]
    has = [(each.line.module, name) for each in after if may_matter(each.line) for name in _modules(each.line)]
    if had != has or (commented and after[0].index):
        return False
    if not moved:
        return True
    bound: dict[str, tuple[str, str]] = {}
    for each in before:
        for name, alias in each.line.names:
            top = alias or (name if each.line.is_from else name.partition(".")[0])
            source = (each.line.module if each.line.is_from else top, name if each.line.is_from or alias else "")
            if name == "*" or name in _EFFECTS or bound.setdefault(top, source) != source:
                return False
    return True


def _modules(line: ImportLine) -> list[str]:
    """The names of a statement that may be modules: those of classes and constants are not."""
    if not line.is_from:
        return [name for name, _ in line.names]
    return ["", *(name for name, _ in line.names if not name[:1].isupper())]
