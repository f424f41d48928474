"""Split a text that has never parsed: the parts that do parse are analysed, the others say why they don't."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.analysis.blocks import Block

if TYPE_CHECKING:
    from backend_team.analysis.blocks import Unparsable
    from backend_team.analysis.engine import Engine


def split(engine: Engine, text: str, error: Unparsable) -> list[Block]:
    """The blocks of a text that doesn't parse."""
    return [Block("statement", text, error=(error.message, error.span))]
