"""Fragments: the lines of one statement as a LibCST tree, so that what is rewritten keeps the rest as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from backend_team.fixes.code import Code, NoFix
from backend_team.text import Edit, LineIndex, Span

if TYPE_CHECKING:
    import ast

_Node = TypeVar("_Node", bound=cst.CSTNode)


class Fragment:
    """The lines of a statement, and the comments after it that are deeper than it, under an `if` when indented."""

    def __init__(self, code: Code, statement: ast.stmt) -> None:
        whole = code.whole(statement)
        self.start = code.line_start(whole.start)
        indentation = code.indentation(whole.start)
        self.end = _with_deeper_comments(code, code.next_line(whole.end), indentation)
        self.text = code.text[self.start : self.end]
        # LibCST reads a lone `\r` but loses the last one: it works on `\n`, and the way back is exact.
        self._lone = "\r" in self.text and "\n" not in self.text
        head = "if 1:\r\n" if "\r\n" in self.text else "if 1:\n"
        self._head = head if indentation else ""
        shown = self._head + (self.text.replace("\r", "\n") if self._lone else self.text)
        try:
            wrapper = MetadataWrapper(cst.parse_module(shown), unsafe_skip_copy=True)
        except (cst.ParserSyntaxError, RecursionError) as error:
            raise NoFix(f"LibCST can't parse it: {str(error).splitlines()[0]}") from None
        self.module = wrapper.module
        if self.module.code != shown:
            raise NoFix("its layout could not be kept")
        self._lines = LineIndex(shown)
        self._places = cast("dict[cst.CSTNode, CodeRange]", wrapper.resolve(PositionProvider))

    def node(self, span: Span, kind: type[_Node]) -> _Node:
        """The node of a kind that stands at a place of the file; raises `NoFix`."""
        wanted = span.shifted(len(self._head) - self.start)
        for node, place in self._places.items():
            if isinstance(node, kind) and self._span(place) == wanted:
                return node
        raise NoFix("LibCST sees the place differently")

    def parent(self, child: cst.CSTNode) -> cst.CSTNode:
        """The node that holds another."""
        for node in self._places:
            if any(each is child for each in node.children):
                return node
        raise NoFix("LibCST sees the place differently")

    def edit(self, module: cst.Module) -> Edit:
        """The edit to a changed tree."""
        text = module.code
        if not text.startswith(self._head):
            raise NoFix("its layout could not be kept")
        text = text[len(self._head) :]
        return Edit(Span(self.start, self.end), text.replace("\n", "\r") if self._lone else text)

    def _span(self, place: CodeRange) -> Span:
        starts = self._lines.starts
        return Span(starts[place.start.line - 1] + place.start.column, starts[place.end.line - 1] + place.end.column)


def _with_deeper_comments(code: Code, end: int, indentation: str) -> int:
    """Where comments end that follow a statement and are indented deeper than it."""
    position = end
    while position < len(code.text):
        following = code.next_line(position)
        line = code.text[position:following]
        plain = line.strip()
        if plain and not (plain.startswith("#") and line.startswith(indentation) and line[len(indentation)] in " \t"):
            break
        position = following
        if plain:
            end = following
        elif following == len(code.text):
            break
    return end
