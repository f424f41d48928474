"""The reach of suppressions: which blocks those of other blocks are about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from backend_team.analysis.blocks import Block

# A statement with nothing but comments above it.
_AT_ONCE: Final = re.compile(r"(?:[ \t\x0c]*#[^\r\n]*(?:\r\n|\n|\r))*+[ \t\x0c]*+[^\s#]")

Silencer = tuple["Block", int]  # a suppression of a block, by number


def reached(blocks: Sequence[Block], wide: Collection[Block]) -> Iterator[tuple[Block, tuple[Silencer, ...]]]:
    """The blocks that suppressions of blocks before them reach."""
    rest: list[Silencer] = []
    members: list[Silencer] = []
    following: list[Silencer] = []
    for block in blocks:
        if block.kind != "member":
            members = []
        if _AT_ONCE.match(block.text) is None:  # an empty line: what is above it is not about this statement
            following = []
        if rest or members or following:
            yield block, (*rest, *members, *following)
        following = []
        if block in wide:
            for number, each in enumerate(block.analysis.facts.suppressions):
                if each.reach == "next":
                    following.append((block, number))
                elif each.reach == "class" or (each.reach == "rest" and block.kind == "member"):
                    members.append((block, number))
                elif each.reach == "rest":
                    rest.append((block, number))
