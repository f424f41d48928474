"""The engine: texts to analysed blocks, with a memo by content."""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from backend_team.analysis.blocks import BOM, Block, Piece, Unparsable, cut, parse, parse_region
from backend_team.analysis.facts import BlockAnalysis
from backend_team.analysis.signs import Signs, signs_of
from backend_team.analysis.table import Table, compile_table
from backend_team.analysis.walk import Walk
from backend_team.checks.view import Scope, View
from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import BlockKind
    from backend_team.rules.model import RuleSet
    from backend_team.settings import Settings

_REMEMBERED: Final = 512  # regions, for who undoes or types again what was there; the oldest are forgotten first
_FAILURES: Final = 4  # regions that did not parse, which one edit may try again
_REMEMBERED_SIZE: Final = 20_000  # longer regions are not worth their memory
_KEPT_ENGINES: Final = 8

Region = tuple[tuple[Block, ...], str]  # the blocks, and the lines after the last statement
_Key = tuple[str, str, str, str]  # of a region: kind, text, owner, indentation
_engines: dict[tuple[str, str], Engine] = {}
_lock = threading.Lock()  # guards what is kept: large texts are analysed in threads


def engine_for(rules: RuleSet, settings: Settings) -> Engine:
    """The engine of a rule set under settings; the last few are kept, with what they remember."""
    key = (rules.digest, settings.digest)
    with _lock:
        engine = _engines.pop(key, None)
        if engine is None:
            engine = Engine(compile_table(rules, settings))
            while len(_engines) >= _KEPT_ENGINES:
                del _engines[next(iter(_engines))]
        _engines[key] = engine
    return engine


class Engine:
    """Analyses texts under one table of rules."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._memo: dict[_Key, Region] = {}
        self._failed: dict[_Key, tuple[str, Span, bool, bool]] = {}  # the last that did not parse: an edit asks again

    def whole(self, text: str) -> list[Block]:
        """The blocks of a module, parsed once; raises `Unparsable`."""
        if text.startswith(BOM):  # a form feed takes its place: one code point that the parser skips
            text = "\x0c" + text[1:]
            blocks = self.whole(text)
            first = blocks[0]
            return [Block(first.kind, BOM + first.text[1:], first.analysis, first.owner, first.indent), *blocks[1:]]
        with _no_collection():
            done, rest = self._parsed(text)
            return [*done, self.tail(rest)] if rest or not done else list(done)

    def _parsed(self, text: str) -> Region:
        """The blocks of a module; its tree is gone when this returns, so that no collection looks at it."""
        lines = LineIndex(text)
        return self._analyse(text, lines, cut(parse(text, lines), lines), 1)

    def region(self, kind: BlockKind, text: str, owner: str = "", indent: str = "") -> Region:
        """The blocks of a region that stands alone, and the rest after its last statement; raises `Unparsable`.

        The blocks are new ones each time, for a module tells its blocks by identity; what they hold may be remembered.
        """
        key = (kind, text, owner, indent)
        known = self._memo.get(key)
        if known is None:
            failed = self._failed.get(key)
            if failed is not None:
                raise Unparsable(*failed)
            try:
                with _no_collection():
                    known = self._parsed_region(kind, text, owner, indent)
            except Unparsable as error:
                if len(text) <= _REMEMBERED_SIZE and not error.passing:
                    self._note_failure(key, error)
                raise
            if len(text) <= _REMEMBERED_SIZE:
                with _lock:
                    while len(self._memo) >= _REMEMBERED:
                        del self._memo[next(iter(self._memo))]
                    self._memo[key] = known
            return known
        return tuple(map(replace, known[0])), known[1]

    def _note_failure(self, key: _Key, error: Unparsable) -> None:
        with _lock:
            while len(self._failed) >= _FAILURES:
                del self._failed[next(iter(self._failed))]
            self._failed[key] = error.message, error.span, error.open_string, error.open_bracket

    def _parsed_region(self, kind: BlockKind, text: str, owner: str, indent: str) -> Region:
        lines = LineIndex(text)
        pieces, first = parse_region(kind, text, lines, owner, indent)
        return self._analyse(text, lines, pieces, first)

    def tail(self, text: str) -> Block:
        """The block after the last statement."""
        lines = LineIndex(text)
        piece = Piece("tail", 0, len(lines.starts), [])
        return self._block(
            piece, text, signs_of(text, self.table), View(text, lines, 1, 0, "tail", self.table.settings)
        )

    def _analyse(self, text: str, lines: LineIndex, pieces: list[Piece], first: int) -> Region:
        starts = lines.starts
        signs = signs_of(text, self.table)
        settings = self.table.settings
        blocks = []
        done = 0
        for piece in pieces:
            end = starts[piece.end] if piece.end < len(starts) else len(text)
            own = text[done:end]
            blocks.append(self._block(piece, own, signs, View(own, lines, first, done, piece.kind, settings)))
            done = end
        return tuple(blocks), text[done:]

    def _block(self, piece: Piece, own: str, signs: Signs, view: View) -> Block:
        view.owner = piece.owner
        view.nodes = piece.nodes
        root = Scope("class" if piece.kind == "member" else "module")
        try:
            analysis = Walk(self.table, view, root, signs).run(piece.nodes)
        except Exception as error:  # a fault of ours in one block must not hide the others
            fault = f"this block could not be analysed: {type(error).__name__}: {error}"
            analysis = BlockAnalysis(faults=((fault, Span(0, len(own))),))
        return Block(piece.kind, own, analysis, piece.owner, piece.indent)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Trees are many small objects without cycles: collecting while they are there only costs time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
