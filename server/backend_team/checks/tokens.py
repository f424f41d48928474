"""The texts of a block as they are written, for what the tree does not show: prefixes, escapes."""

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
    shown = view.text.replace("\r\n", " \n").replace("\r", "\n")
    lines = LineIndex(shown)
    tokens = tokenize.generate_tokens(io.StringIO(shown).readline)
    try:
        for token in tokens:
            if token.type == tokenize.STRING:
                (row, column), (last, until) = token.start, token.end
                yield Span(lines.starts[row - 1] + column, lines.starts[last - 1] + until)
    except (tokenize.TokenError, SyntaxError):  # a block alone can end where a file would not
        return
