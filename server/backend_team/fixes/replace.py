"""Replace one function by another text of it, for the answers of an AI."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING, Final

from backend_team.errors import RejectedError
from backend_team.fixes.code import Code, NoFix, parse
from backend_team.fixes.difference import difference
from backend_team.text import Edit, LineIndex, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef
_STRINGS: Final = frozenset({"STRING", "FSTRING_MIDDLE", "TSTRING_MIDDLE"})


def replace_function(source: Source, span: Span, text: str) -> tuple[Edit, ...]:
    """The edits that put a function, given as it stands at the margin, in the place of the one at `span`.

    `span` is the whole function, its decorators included. Raises `RejectedError` when the text is not exactly one
    function of that name.
    """
    code = Code(source)
    try:
        old = next(node for node in code.around(span) if isinstance(node, Function) and code.whole(node) == span)
        indentation = code.indentation(span.start)
    except (StopIteration, NoFix):
        raise RejectedError("there is no whole function at this place") from None
    text = re.sub(r"\r\n?", "\n", text).strip("\n") + "\n"
    try:
        body = parse(text).body
    except SyntaxError as error:
        raise RejectedError(f"the answer does not parse: {error.msg}") from None
    if len(body) != 1 or not isinstance(body[0], Function):
        raise RejectedError("the answer is not exactly one function")
    if body[0].name != old.name:
        raise RejectedError(f"the answer renames {old.name} to {body[0].name}")
    indented = "".join(_indented(text, indentation)).rstrip("\n").removeprefix(indentation)
    after = source.text[: span.start] + indented.replace("\n", code.line_break) + source.text[span.end :]
    try:
        parse(after)
    except SyntaxError as error:
        raise RejectedError(f"the file with the answer in it does not parse: {error.msg}") from None
    return difference(source.text, after)


def _indented(text: str, indentation: str) -> Iterator[str]:
    """The lines moved to the right, but for those that begin inside a string."""
    inside: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if tokenize.tok_name[token.type] in _STRINGS:
            inside.update(range(token.start[0], token.end[0]))
    lines = LineIndex(text)
    for number in range(len(lines.starts)):
        line = lines.line_text(number)
        yield line if number in inside or not line.strip() else indentation + line
