"""Functions, classes and imports that a later definition replaces before anybody used them: capture `name`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.checks.view import Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_team.checks.whole import Block
    from backend_team.settings import Settings


def check_blocks(blocks: Sequence[Block], path: str, settings: Settings) -> Iterator[Hit]:
    """Find definitions of a name that is defined, or imported, above and not read in between.

    Decorated definitions are left alone: the decorator may have kept them.
    """
    del path, settings
    seen: dict[tuple[str, str], tuple[int, Span]] = {}  # the block, and the place in the module
    base = 0
    for index, block in enumerate(blocks):
        facts = block.analysis.facts
        owner = block.owner if block.kind == "member" else ""
        if block.kind == "header" and seen:
            for key in [key for key in seen if key[0] == block.owner]:
                del seen[key]  # another class of that name
        defined = facts.definition
        if defined is not None:
            key = owner, defined.name
            first = seen.pop(key, None)
            if defined.plain and defined.name != "_":
                span = Span(*defined.span).shifted(base)
                if first and defined.name not in facts.used and not _is_read(blocks, first[0], index, key[1]):
                    message = f"`{defined.name}` is defined above, and replaced here before anything used it"
                    related = ((f"`{defined.name}` is defined here first", first[1]),)
                    yield Hit(span, message, (("name", span),), related=related)
                seen[key] = index, span
        elif facts.lines and not owner:
            for name in facts.imports:
                if not name.kept:
                    seen["", name.name] = index, name.span.shifted(base)
        base += len(block.text)


def _is_read(blocks: Sequence[Block], first: int, second: int, name: str) -> bool:
    """Whether a block between the definitions reads the name, or the body of the class that is the second."""
    end = second + 1
    while blocks[second].kind == "header" and end < len(blocks) and blocks[end].kind == "member":
        end += 1
    between = (*blocks[first + 1 : second], *blocks[second + 1 : end])
    return any(block.error is not None or name in block.analysis.facts.used for block in between)
