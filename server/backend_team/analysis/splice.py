"""An edit in a list of blocks: the touched ones are parsed again, alone when they stand alone, with more otherwise.

Why this gives what a full analysis gives: a region of whole blocks that parses by itself, begins at a line start after
a complete statement and ends with a line end, parses the same in its place, and leaves what is around it as it was.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from backend_team.analysis.blocks import Block, Unparsable
from backend_team.analysis.kept import keep
from backend_team.text import Edit, Span, apply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.analysis.engine import Engine
    from backend_team.checks.view import BlockKind

_SMALL: Final = 4000  # characters that are quickly tried
_AT_LEFT: Final = re.compile(r"(?:\A|[\r\n])[^\s#]")
_LINE_ENDS = ("\n", "\r")


class Splice:
    """Blocks while edits are applied to them.

    `doubtful` says that a string over several lines was left open: whatever is below may then mean something else, so
    only the whole text tells.
    """

    def __init__(self, engine: Engine, blocks: list[Block], sizes: list[int], troubled: set[Block]) -> None:
        self._engine = engine
        self.blocks = blocks
        self._sizes = sizes
        self.troubled = troubled  # those of the blocks that don't parse
        self.removed: dict[Block, None] = {}
        self.added: dict[Block, None] = {}
        self.doubtful = False

    def edit(self, edit: Edit, starts: list[int]) -> None:
        """Apply an edit, counted in the text of the blocks as they are; they begin at `starts`, the last is the end."""
        first = bisect_left(starts, edit.span.start, 1) - 1
        last = min(bisect_right(starts, edit.span.end), len(self.blocks))
        error: Unparsable | None = None
        for begin, end in self._regions(edit, starts, first, last):
            if error is not None and error.open_bracket and self._is_sound_around(edit, starts, begin, end):
                continue
            local = Edit(edit.span.shifted(-starts[begin]), edit.text)
            text = apply("".join(block.text for block in self.blocks[begin:end]), [local])
            try:
                blocks, end = self._parse(begin, end, text)
            except Unparsable as trouble:
                error = error or trouble
                continue
            self._put(begin, end, blocks)
            self._mend(begin, begin + len(blocks))
            break
        else:
            assert error is not None
            first, last = self._strictly(edit, starts, first, last)
            self._break(edit, starts[first], first, last)
        self.doubtful = self.doubtful or any(block.open_string for block in self.troubled)

    def _is_sound_around(self, edit: Edit, starts: list[int], begin: int, end: int) -> bool:
        """Whether the blocks of a region that the edit does not touch parse."""
        return not any(
            block in self.troubled
            for index, block in enumerate(self.blocks[begin:end], begin)
            if starts[index + 1] <= edit.span.start or starts[index] >= edit.span.end
        )

    def _put(self, begin: int, end: int, blocks: list[Block]) -> None:
        """Put blocks in the place of others."""
        for block in self.blocks[begin:end]:
            self.troubled.discard(block)
            if block in self.added:
                del self.added[block]
            else:
                self.removed[block] = None
        self.blocks[begin:end] = blocks
        self._sizes[begin:end] = [len(block.text) for block in blocks]
        self.added |= dict.fromkeys(blocks)
        self.troubled.update(block for block in blocks if block.error is not None)

    def _strictly(self, edit: Edit, starts: list[int], first: int, last: int) -> tuple[int, int]:
        """The touched blocks without those that the edit only borders on."""
        while last - first > 1 and starts[first + 1] <= edit.span.start and self._ends_line(first):
            first += 1
        while last - first > 1 and starts[last - 1] >= edit.span.end and edit.text.endswith(_LINE_ENDS):
            last -= 1
        while last - first > 1 and starts[last - 1] >= edit.span.end and edit.span.end < starts[last - 1]:
            last -= 1
        return first, last

    def _regions(self, edit: Edit, starts: list[int], first: int, last: int) -> Iterator[tuple[int, int]]:
        """Regions to try, small ones first; half open."""
        seen = set()
        begin, end = self._strictly(edit, starts, first, last)
        for region in self._growing(begin, end, first, last):
            if region not in seen:
                seen.add(region)
                yield region
            wide = self._classes(*region)
            if wide not in seen and self._leaves_class(edit, starts, region, wide):
                seen.add(wide)
                yield wide

    def _growing(self, begin: int, end: int, first: int, last: int) -> Iterator[tuple[int, int]]:
        count = len(self.blocks)
        yield begin, end
        yield first, last
        yield max(first - 1, 0), min(last + 1, count)
        if self.troubled:
            broken = [index for index, block in enumerate(self.blocks) if block.error is not None]
            first, last = min([first, *broken]), max([last, *(index + 1 for index in broken)])
            yield first, last
            yield max(first - 1, 0), min(last + 1, count)

    def _classes(self, begin: int, end: int) -> tuple[int, int]:
        """The region, classes whole."""
        while begin > 0 and self.blocks[begin].kind == "member":
            begin -= 1
        while end < len(self.blocks) and self.blocks[end].kind == "member":
            end += 1
        return begin, end

    def _leaves_class(self, edit: Edit, starts: list[int], region: tuple[int, int], wide: tuple[int, int]) -> bool:
        """Whether the whole class can parse although these members don't stand alone.

        A mistake within a member is one in the class, too; only a line at the left border, or another indentation of
        all members, makes something else of them.
        """
        begin, end = region
        inside = self.blocks[begin:end]
        size = starts[wide[1]] - starts[wide[0]]
        if not self._are_members(inside) or size <= _SMALL or (end - begin) >= (wide[1] - wide[0]) - 1:
            return True
        text = "".join(block.text for block in inside)
        return _AT_LEFT.search(apply(text, [Edit(edit.span.shifted(-starts[begin]), edit.text)])) is not None

    def _ends_line(self, index: int) -> bool:
        return self.blocks[index].text.endswith(_LINE_ENDS)

    def _parse(self, begin: int, end: int, text: str) -> tuple[list[Block], int]:
        """The blocks of a region with its new text, and where it ends: a rest goes to the block that follows.

        Raises `Unparsable` when the region doesn't stand alone.
        """
        if begin > 0:
            before = self.blocks[begin - 1]
            if not before.text.endswith(_LINE_ENDS) or before.text.rstrip("\r\n").endswith("\\"):
                raise Unparsable("the line goes on", Span(0, 0))
        at_end = end == len(self.blocks)
        if not at_end and not text.endswith(_LINE_ENDS):
            raise Unparsable("the line goes on", Span(0, 0))
        region = self.blocks[begin:end]
        head = region[0]
        if self._are_members(region):
            blocks, rest = self._engine.region("member", text, head.owner, head.indent)
        elif len(region) == 1 and head.kind == "header" and not at_end and self.blocks[end].kind == "member":
            blocks, rest = self._engine.region("header", text)
            if blocks[0].owner != head.owner:  # its members carry its name
                raise Unparsable("another class", Span(0, 0))
        elif any(block.kind == "member" for block in (head, *self.blocks[end : end + 1])) or self._follows_head(begin):
            raise Unparsable("a part of a class", Span(0, 0))
        else:
            blocks, rest = self._engine.region("statement", text)
        if at_end:
            return [*blocks, *([self._engine.tail(rest)] if rest or not (blocks or begin) else [])], end
        if not rest:
            return list(blocks), end
        more, end = self._parse_next(end, rest)
        return [*blocks, *more], end

    def _parse_next(self, index: int, rest: str) -> tuple[list[Block], int]:
        """The block that follows, with lines put before it."""
        block = self.blocks[index]
        text = rest + block.text
        if block.error is not None:
            raise Unparsable(*block.error)
        if block.kind == "tail":
            return [self._engine.tail(text)], index + 1
        if block.kind == "member":
            blocks, left = self._engine.region("member", text, block.owner, block.indent)
        elif block.kind == "header":
            blocks, left = self._engine.region("header", text)
        else:
            blocks, left = self._engine.region("statement", text)
        if left:
            raise Unparsable("a rest", Span(0, 0))
        return list(blocks), index + 1

    def _break(self, edit: Edit, start: int, first: int, last: int) -> None:
        """Make one block of those that no longer parse, with what was known of them."""
        local = Edit(edit.span.shifted(-start), edit.text)
        region = self.blocks[first:last]
        text = apply("".join(block.text for block in region), [local])
        head = region[0]
        kind: BlockKind = "statement"
        if self._are_members(region) or (len(region) == 1 and head.kind == "header"):
            kind = head.kind
        error = self._trouble(kind, text, head)
        block = Block(
            kind,
            text,
            keep(region, local, text),
            "" if kind == "statement" else head.owner,
            head.indent if kind == "member" else "",
            (error.message, error.span),
            error.open_string,
        )
        self._put(first, last, [block])

    def _follows_head(self, index: int) -> bool:
        """Whether what is here must be a member, for the head of a class stands before it."""
        return index > 0 and self.blocks[index - 1].kind == "header"

    def _are_members(self, region: list[Block]) -> bool:
        return {block.kind for block in region} == {"member"} and len({block.owner for block in region}) == 1

    def _trouble(self, kind: BlockKind, text: str, head: Block) -> Unparsable:
        try:
            self._engine.region(kind, text, head.owner, head.indent)
        except Unparsable as error:
            return error
        return Unparsable("invalid syntax", Span(0, 0))

    def _mend(self, begin: int, end: int) -> None:
        """Try broken blocks beside a region that now parses: they may have waited for it."""
        for place in (end, begin - 1):
            if 0 <= place < len(self.blocks) and self.blocks[place].error is not None:
                self._try(place)

    def _try(self, place: int) -> None:
        count = len(self.blocks)
        for region in ((place, place + 1), (max(place - 1, 0), min(place + 2, count))):
            for begin, end in (region, self._classes(*region)):
                text = "".join(block.text for block in self.blocks[begin:end])
                try:
                    blocks, end = self._parse(begin, end, text)
                except Unparsable:
                    continue
                self._put(begin, end, blocks)
                return
