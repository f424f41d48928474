"""Blocks: the unit of analysis. A block is a top-level statement, or the head or a member of a top-level class.

The comments and empty lines above a statement belong to its block; those after the last statement are the tail. So a
block ends where its last statement ends, whatever follows, and the texts of all blocks joined are the module again.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from backend_team.analysis.facts import BlockAnalysis
from backend_team.analysis.newer import newer_syntax
from backend_team.checks.view import FUNCTIONS
from backend_team.parsing import syntax_tree
from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.checks.view import BlockKind

BOM: Final = "\ufeff"
UNPARSABLE: Final = (SyntaxError, ValueError, RecursionError, MemoryError)
_CLASS_LINE: Final = "class _:\n"


@dataclass(slots=True, eq=False)
class Block:
    """One piece of a module; all positions in its analysis count from its own start. Never changed once made.

    `owner` is the class of a member or a head; `indent` is what stands before a member. `error` says why the text
    doesn't parse: the analysis is then the last good one, moved along.
    """

    kind: BlockKind
    text: str
    analysis: BlockAnalysis = field(default_factory=BlockAnalysis)
    owner: str = ""
    indent: str = ""
    error: tuple[str, Span] | None = None
    open_string: bool = False  # the error is a string over several lines that is not closed


@dataclass(slots=True)
class Piece:
    """Where a block is cut: lines of a text, half open and from 0, with the statements in them."""

    kind: BlockKind
    first: int
    end: int
    nodes: list[ast.AST]
    owner: str = ""
    indent: str = ""


class Unparsable(Exception):
    """A region doesn't stand alone: the message, its place in the region, whether a string or a bracket was left open.

    With an open bracket it doesn't parse either together with neighbours that do so alone: theirs are all closed.
    Trouble that is `passing` comes from how much is on the stack or in memory at the moment.
    """

    def __init__(
        self, message: str, span: Span, open_string: bool = False, open_bracket: bool = False, passing: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.open_string = open_string
        self.open_bracket = open_bracket
        self.passing = passing


def parse(text: str, lines: LineIndex, above: str = "", below: str = "") -> list[ast.stmt]:
    """The statements of a text between two artificial ones; raises `Unparsable`."""
    try:
        return syntax_tree(above + text + below).body
    except UNPARSABLE as error:
        raise unparsable(error, lines, len(text), 1 if above else 0) from None


def unparsable(error: BaseException, lines: LineIndex, length: int, above: int) -> Unparsable:
    """The trouble the parser had, with its place in the text; `above` lines were put before it."""
    if isinstance(error, UnicodeEncodeError):
        start = max(0, min(error.start - (len(_CLASS_LINE) if above else 0), length))
        return Unparsable("this can't be parsed: half a character, a lone surrogate", Span(start, start))
    if "null byte" in str(error):
        start = max(lines.text.find("\x00"), 0)
        return Unparsable("this can't be parsed: a null byte", Span(start, start))
    if not isinstance(error, SyntaxError):
        passing = isinstance(error, (RecursionError, MemoryError))
        reason = "too deeply nested" if passing else str(error)
        return Unparsable(f"this can't be parsed: {reason}", Span(0, 0), passing=passing)
    line = max(0, min((error.lineno or 1) - 1 - above, len(lines) - 1))
    start = min(lines.start(line) + max(0, (error.offset or 1) - 1), length)
    end = start
    if error.end_lineno and error.end_offset and error.end_lineno == error.lineno:
        end = min(lines.start(line) + max(0, error.end_offset - 1), length)
    two_lines = lines.line_text(line) + (lines.line_text(line + 1) if line + 1 < len(lines) else "")
    message = newer_syntax(error.msg, two_lines) or error.msg
    open_string, open_bracket = "unterminated triple-quoted" in error.msg, "was never closed" in error.msg
    return Unparsable(message, Span(start, max(start, end)), open_string, open_bracket)


def cut(statements: Sequence[ast.stmt], lines: LineIndex) -> list[Piece]:
    """Cut the statements of a module, top-level classes into their members; without the tail."""
    pieces: list[Piece] = []
    for node in statements:
        first, end = first_line(node) - 1, node.end_lineno or node.lineno
        done = pieces[-1].end if pieces else 0
        if pieces and first < done:
            _join(pieces, node, end)
        elif isinstance(node, ast.ClassDef) and (members := cut_class(node, lines, done)):
            pieces += members
        else:
            pieces.append(Piece("statement", done, end, [node]))
    return pieces


def _join(pieces: list[Piece], node: ast.stmt, end: int) -> None:
    """Statements that share a line share a block."""
    pieces[-1].nodes.append(node)
    pieces[-1].end = max(pieces[-1].end, end)


def cut_class(node: ast.ClassDef, lines: LineIndex, done: int) -> list[Piece]:
    """Cut a class into its head and its members; nothing when its body begins in a line of the head."""
    begin = first_line(node.body[0]) - 1
    parts: list[ast.expr | ast.keyword] = [*node.bases, *node.keywords, *node.decorator_list]
    head_end = max([node.lineno, *(part.end_lineno or 0 for part in parts)])
    indent = indent_of(node.body[0], lines, 1)
    # `): ...`: a bracket of the head can close in a line without any other part of it.
    is_first = first_line(node.body[0]) < node.body[0].lineno or node.body[0].col_offset == len(indent)
    if begin < head_end or not is_first:
        return []
    return [
        Piece("header", done, begin, [head_of(node)], node.name),
        *cut_members(node.body, begin, node.name, indent),
    ]


def cut_members(body: Sequence[ast.stmt], done: int, owner: str, indent: str, above: int = 0) -> list[Piece]:
    """Cut the members of a class; `above` artificial lines were before the text."""
    pieces: list[Piece] = []
    for node in body:
        first, end = first_line(node) - 1 - above, (node.end_lineno or node.lineno) - above
        if pieces and first < pieces[-1].end:
            _join(pieces, node, end)
        else:
            pieces.append(Piece("member", pieces[-1].end if pieces else done, end, [node], owner, indent))
    return pieces


def head_of(node: ast.ClassDef) -> ast.ClassDef:
    """The class without its members, which are blocks of their own."""
    head = ast.ClassDef(**{name: getattr(node, name) for name in node._fields})
    head.body = []
    return ast.copy_location(head, node)


def first_line(node: ast.stmt) -> int:
    """The line a statement begins in, decorators included, as `ast` counts it."""
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and node.decorator_list:
        return min(node.decorator_list[0].lineno, node.lineno)
    return node.lineno


def indent_of(node: ast.stmt, lines: LineIndex, first: int) -> str:
    """What stands before the first line of a statement; `ast` gives the number `first` to the line 0."""
    row = lines.line_text(first_line(node) - first)
    return row[: len(row) - len(row.lstrip(" \t\x0c"))]


def parse_region(kind: BlockKind, text: str, lines: LineIndex, owner: str, indent: str) -> tuple[list[Piece], int]:
    """Cut a region that stands alone; with the number `ast` gives to its line 0. Raises `Unparsable`."""
    if kind == "member":
        statements = parse(text, lines, _CLASS_LINE)
        body = statements[0].body if len(statements) == 1 and isinstance(statements[0], ast.ClassDef) else []
        if not body or indent_of(body[0], lines, 2) != indent:
            raise Unparsable("unexpected indentation", Span(0, 0))
        return cut_members(body, 0, owner, indent, above=1), 2
    if kind == "header":
        if text[-1:] not in {"\n", "\r"}:
            raise Unparsable("expected an indented block", Span(len(text), len(text)))
        statements = parse(text, lines, below=" pass\n")
        node = statements[0] if len(statements) == 1 else None
        if not isinstance(node, ast.ClassDef) or len(node.body) != 1 or node.body[0].lineno != len(lines.starts):
            raise Unparsable("invalid syntax", Span(0, 0))
        return [Piece("header", 0, len(lines.starts) - 1, [head_of(node)], node.name)], 1
    return cut(parse(text, lines), lines), 1
