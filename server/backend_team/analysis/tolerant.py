"""Split a text that has never parsed: the parts that do parse are analysed, the others say why they don't."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backend_team.analysis.blocks import Block, Unparsable
from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.analysis.engine import Engine

# A line that begins a statement at its level: not a comment, a closing bracket, or a later part of a statement.
_BEGINS: Final = re.compile(r"(?!(?:else|elif|except|finally)\b)[^\s#)\]}]")
# Possessive (`*+`): what was read as a line above is never read in another way, so a long comment costs no more.
_CLASS: Final = re.compile(
    r"(?:[ \t]*(?:[#@][^\r\n]*)?(?:\r\n|\n|\r))*+class\s+(\w+)[^\r\n]*:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r)"
)
_MOST_BROKEN: Final = 500  # parts that are tried in vain; what follows is then one that doesn't parse
_MOST_JOINED: Final = 40  # parts that are tried as one, when a string or a bracket seems to go on


def split(engine: Engine, text: str, error: Unparsable) -> list[Block]:
    """The blocks of a text that doesn't parse; `error` is used when every part does."""
    blocks: list[Block] = []
    rest = ""
    parts = list(_parts(text, ""))
    index = broken = 0
    while index < len(parts):
        if broken == _MOST_BROKEN:
            remaining = rest + "".join(parts[index:])
            return [*blocks, Block("statement", remaining, error=(error.message, Span(0, 0)))]
        found, taken, rest = _statement(engine, parts, index, rest)
        broken += any(block.error is not None for block in found)
        blocks += found
        index += taken
    if rest:
        blocks.append(engine.tail(rest))
    if not blocks:
        blocks.append(engine.tail(""))
    if all(block.error is None for block in blocks):
        last = blocks[-1]
        place = Span(len(last.text), len(last.text))
        blocks[-1] = Block(last.kind, last.text, last.analysis, last.owner, last.indent, (error.message, place))
    return blocks


def _statement(engine: Engine, parts: list[str], index: int, above: str) -> tuple[list[Block], int, str]:
    """The blocks of the statement at a part, how many parts it took, and the lines after it."""
    first: Unparsable | None = None
    text = above
    for taken in range(1, min(_MOST_JOINED, len(parts) - index) + 1):
        text += parts[index + taken - 1]
        try:
            blocks, rest = engine.region("statement", text)
        except Unparsable as trouble:
            first = first or trouble
            if not (trouble.open_string or parts[index].lstrip().startswith("@")):
                break
        else:
            return list(blocks), taken, rest
    assert first is not None
    text = above + parts[index]
    return [*_class(engine, text, first)], 1, ""


def _class(engine: Engine, text: str, error: Unparsable) -> Iterator[Block]:
    """A class that doesn't parse, member by member; anything else as it is."""
    found = _CLASS.match(text)
    if found is None:
        yield _broken(text, error)
        return
    body = text[found.end() :]
    opening = re.search(r"^([ \t]+)[^\s#]", body, re.MULTILINE)
    if opening is None:
        yield _broken(text, error)
        return
    owner, indent = found[1], opening[1]
    try:
        (head,), _ = engine.region("header", text[: found.end()])
    except (Unparsable, ValueError):
        yield _broken(text, error)
        return
    yield head
    rest = ""
    for part in _parts(body, indent):
        try:
            members, rest = engine.region("member", rest + part, owner, indent)
            yield from members
        except Unparsable as trouble:
            yield Block("member", rest + part, owner=owner, indent=indent, error=(trouble.message, trouble.span))
            rest = ""
    if rest:
        yield Block("member", rest, owner=owner, indent=indent)


def _broken(text: str, error: Unparsable) -> Block:
    return Block("statement", text, error=(error.message, error.span))


def _parts(text: str, indent: str) -> Iterator[str]:
    """The text in parts that begin with a line at the level of the indentation; decorators stay with what follows."""
    lines = LineIndex(text)
    begin = 0
    decorated = started = False
    for number, start in enumerate(lines.starts):
        row = lines.line_text(number)
        if not row.startswith(indent) or not _BEGINS.match(row, len(indent)):
            continue
        if started and not decorated:
            yield text[begin:start]
            begin = start
        started = True
        decorated = row.startswith("@", len(indent))
    if begin < len(text):
        yield text[begin:]
