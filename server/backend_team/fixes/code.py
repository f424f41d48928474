"""Code: a text with its tree, seen by place: which node stands here, in which statement, in which body."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from backend_team.analysis.comments import comments
from backend_team.fixes.needs import Needs
from backend_team.parsing import syntax_tree
from backend_team.text import Edit, LineIndex, Span, apply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.text import Source

_BODIES: Final = ("body", "orelse", "finalbody", "handlers", "cases")
_DOCUMENTED: Final = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_Node = TypeVar("_Node", bound=ast.AST)


class NoFix(Exception):
    """There is no fix here; the message says why, for a person."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where a statement lives: its parent, the body that holds it, its place therein."""

    parent: ast.AST
    body: list[ast.stmt]
    index: int


@lru_cache(maxsize=2)  # the text before a fix and the one after it, which several steps ask for
def tree_of(text: str) -> ast.Module:
    """The tree of a file, which nobody changes; raises `SyntaxError` for whatever can't be parsed."""
    return parse(text)


def parse(text: str) -> ast.Module:
    """The tree of a text; raises `SyntaxError` for whatever can't be parsed."""
    if text.startswith("\ufeff"):
        text = "\x0c" + text[1:]  # one code point that the parser skips
    try:
        return syntax_tree(text)
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error)) from None


class Code:
    """The text of a source and its tree."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.changed_comments: list[tuple[str, str]] = []  # before and after: the fix is about these comments

    @cached_property
    def tree(self) -> ast.Module:
        """The tree; raises `NoFix` when there is none."""
        try:
            return tree_of(self.text)
        except SyntaxError as error:
            raise NoFix(f"the file does not parse: {error.msg}") from None

    @cached_property
    def needs(self) -> Needs:
        """The imports that the fix needs."""
        return Needs(self)

    @property
    def has_needs(self) -> bool:
        """Whether the fix asked for an import, be it there or not."""
        return "needs" in self.__dict__

    def need(self, module: str, name: str) -> str:
        """How `name` of a module of the standard library is written here; the fix imports it where that is missing.

        Raises `NoFix` when the name means something else in this file.
        """
        text = self.needs.text(module, name)
        if text is None:
            raise NoFix(f"the name of {module}.{name} means something else in this file")
        return text

    def change_comment(self, place: Span, text: str) -> None:
        """Let the fix replace a part of a comment by a text: the proof then asks for exactly this change."""
        found = next((each for each in comments(self.text) if each.start <= place.start < each.end), None)
        if found is None or place.end > found.end:
            raise NoFix("there is no comment here")
        changed = apply(found.text, [Edit(place.shifted(-found.start), text)])
        self.changed_comments.append((found.text.rstrip(), changed.rstrip()))

    def of(self, span: Span) -> str:
        """The text of a place."""
        return self.text[span.start : span.end]

    def span(self, node: Any) -> Span:
        """The place of a node."""
        lines = self._parsed_lines
        return Span(
            lines.from_utf8(node.lineno - 1, node.col_offset), lines.from_utf8(node.end_lineno - 1, node.end_col_offset)
        )

    @cached_property
    def _parsed_lines(self) -> LineIndex:
        """The lines as `parse` sees them: its columns don't count a byte order mark as three bytes."""
        return LineIndex("\x0c" + self.text[1:]) if self.text.startswith("\ufeff") else self.source.lines

    def whole(self, node: ast.stmt) -> Span:
        """The place of a statement, its decorators included."""
        span = self.span(node)
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        if not decorators:
            return span
        first = self.span(decorators[0]).start
        return Span(self.text.rindex("@", 0, first), span.end)

    def node(self, span: Span, *kinds: type[_Node]) -> _Node:
        """The outermost node of the kinds that stands exactly here; raises `NoFix`."""
        line = self.source.lines.line_of(span.start) + 1
        for statement in self.around(span):
            for found in ast.walk(statement):
                if isinstance(found, kinds) and getattr(found, "lineno", 0) == line and self.span(found) == span:
                    return found
        raise NoFix("the place of the finding could not be found in the file")

    def around(self, span: Span) -> list[ast.stmt]:
        """The statements around a place, the innermost first."""
        return [home.body[home.index] for home in reversed(self._path(span))]

    def home(self, statement: Span) -> Home:
        """Where the statement at this place lives; raises `NoFix`."""
        for home in reversed(self._path(statement)):
            if self.span(home.body[home.index]) == statement:
                return home
        raise NoFix("the statement of the finding could not be found in the file")

    def _path(self, span: Span) -> list[Home]:
        path: list[Home] = []
        parents: list[ast.AST] = [self.tree]
        while parents:
            parent = parents.pop()
            for body in _bodies(parent):
                index = self._index(body, span)
                if index is not None:
                    if isinstance(body[index], ast.stmt):
                        path.append(Home(parent, body, index))
                    parents = [body[index]]
                    break
        return path

    def _index(self, body: list[Any], span: Span) -> int | None:
        line = self.source.lines.line_of(span.end) + 1
        for index, node in enumerate(body):
            if isinstance(node, ast.match_case):
                own = Span(self.span(node.pattern).start, self.span(node.body[-1]).end)
            elif node.end_lineno < line:
                continue
            else:
                own = self.whole(node)
            if own.contains(span):
                return index
        return None

    # Lines -------------------------------------------------------------------------------------------------------

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.source.lines.starts[self.source.lines.line_of(offset)]

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, its line end excluded."""
        line = self.source.lines.line_of(offset)
        start = self.source.lines.starts[line]
        return start + len(self.source.lines.line_text(line).rstrip("\r\n"))

    def next_line(self, offset: int) -> int:
        """Where the line after that of an offset begins."""
        starts = self.source.lines.starts
        line = self.source.lines.line_of(offset) + 1
        return starts[line] if line < len(starts) else len(self.text)

    def indentation(self, offset: int) -> str:
        """The blanks before a place; raises `NoFix` when something else stands before it in its line."""
        before = self.text[self.line_start(offset) : offset]
        if before.strip(" \t\x0c\ufeff"):
            raise NoFix("something else stands before it in its line")
        return before.lstrip("\ufeff")

    @property
    def line_break(self) -> str:
        """How lines of this text end."""
        found = re.search(r"\r\n|\n|\r", self.text)
        return found[0] if found else "\n"

    # Removal ------------------------------------------------------------------------------------------------------

    def removal(self, statement: Span) -> Edit:
        """The edit that takes a statement away; `pass` takes its place where a body would be empty."""
        home = self.home(statement)
        if len(home.body) == 1 and not isinstance(home.parent, ast.Module):
            return Edit(statement, "pass")
        if home.index == 0 and isinstance(home.parent, _DOCUMENTED) and _is_string(home.body[1:2]):
            raise NoFix("the string behind it would become the docstring")
        start, end = self.line_start(statement.start), self.line_end(statement.end)
        before, after = self.text[start : statement.start], self.text[statement.end : end]
        if not before.strip(" \t\x0c\ufeff") and not after.strip(" \t\x0c;"):
            begin = start + 1 if before.startswith("\ufeff") else start
            return Edit(Span(begin, self._after_blank_lines(statement, home)), "")
        if home.index + 1 < len(home.body):
            following = self.whole(home.body[home.index + 1]).start
            if following <= end:
                return Edit(Span(statement.start, following), "")
        if home.index:
            previous = self.span(home.body[home.index - 1]).end
            if previous > start:
                return Edit(Span(previous, statement.end), "")
        if after.lstrip(" \t\x0c").startswith("#"):
            raise NoFix("a comment belongs to what would be removed")
        raise NoFix("other code stands in its line")

    def _after_blank_lines(self, statement: Span, home: Home) -> int:
        """The end of the lines to remove: blank lines behind go along where they would add to those before."""
        starts, lines = self.source.lines.starts, self.source.lines
        first, last = lines.line_of(statement.start), lines.line_of(statement.end)
        above = 0
        while first - above > 0 and not lines.line_text(first - above - 1).strip():
            above += 1
        below = 0
        while last + below + 1 < len(starts) and not lines.line_text(last + below + 1).strip():
            below += 1
        opens = home.index == 0 and not self._has_comment_above(first - above - 1, home)
        spare = below if opens else min(above, below)
        end = last + 1 + spare
        return starts[end] if end < len(starts) else len(self.text)

    def _has_comment_above(self, line: int, home: Home) -> bool:
        """Whether a comment, or the head of the body, stands directly above."""
        if line < 0:
            return False
        return self.source.lines.line_text(line).lstrip().startswith("#") or not isinstance(
            home.parent, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef)
        )


def _is_string(body: list[ast.stmt]) -> bool:
    return any(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for node in body
    )


def _bodies(node: ast.AST) -> Iterator[list[Any]]:
    for name in _BODIES:
        body = getattr(node, name, None)
        if isinstance(body, list) and body:
            yield body
