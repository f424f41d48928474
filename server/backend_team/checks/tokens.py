"""The texts of a block as they are written, for what the tree does not show: prefixes, escapes, rare names."""

from __future__ import annotations

import io
import tokenize
from typing import TYPE_CHECKING

from backend_team.text import LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend_team.checks.view import View


def strings(view: View) -> Iterator[Span]:
    """The places of the literals of a block, in their order; f-strings of Python 3.12 and newer are not among them."""
    return (span for kind, _, span in _tokens(view) if kind == tokenize.STRING)


def names(view: View) -> Iterator[Span]:
    """The places of the names of a block, and of its keywords; not those behind a dot."""
    before = ""
    for kind, text, span in _tokens(view):
        if kind == tokenize.NAME and before != ".":
            yield span
        before = text


def _tokens(view: View) -> Iterator[tuple[int, str, Span]]:
    shown = view.text.replace("\r\n", " \n").replace("\r", "\n")
    lines = LineIndex(shown)
    try:
        for token in tokenize.generate_tokens(io.StringIO(shown).readline):
            (row, column), (last, until) = token.start, token.end
            if last <= len(lines.starts):
                span = Span(lines.starts[row - 1] + column, lines.starts[last - 1] + until)
                yield token.type, token.string, span
    except (tokenize.TokenError, SyntaxError):  # a block alone can end where a file would not
        return
