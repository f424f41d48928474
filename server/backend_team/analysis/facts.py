"""Facts of a block: plain data, positions relative to the block; a module is judged from the facts of its blocks.

They are made for every block of every file, so they are tuples: frozen dataclasses take several times as long to make.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.analysis.suppressions import Suppression
    from backend_team.checks.import_order import ImportLine
    from backend_team.checks.view import ImportedName, Requirement
    from backend_team.checks.whole import Definition
    from backend_team.findings import Finding
    from backend_team.text import Span


class FunctionFacts(NamedTuple):
    """A function: its span holds the whole definition, decorators included."""

    name: str
    qualified_name: str
    span: Span
    complexity: int


class Candidate(NamedTuple):
    """A finding of a block that holds when the module meets the requirements.

    `silenced_by` are the suppressions of the block, by number, that silence it.
    """

    finding: Finding
    requires: tuple[Requirement, ...] = ()
    silenced_by: tuple[int, ...] = ()


class BlockFacts(NamedTuple):
    """Names, definitions and numbers of a block.

    `bound` maps a name bound at the level of the module to what all its bindings are known to be (None: unknown).
    `lines` are the imports of a block that is nothing but imports; `definition` is what a block consists of.
    """

    bound: Mapping[str, str | None] = MappingProxyType({})
    used: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    strings: frozenset[str] = frozenset()
    exported: frozenset[str] = frozenset()
    imports: tuple[ImportedName, ...] = ()
    lines: tuple[ImportLine, ...] = ()
    definition: Definition | None = None
    functions: tuple[FunctionFacts, ...] = ()
    suppressions: tuple[Suppression, ...] = ()


class BlockAnalysis(NamedTuple):
    """All that is known of a block from its text alone."""

    candidates: tuple[Candidate, ...] = ()
    facts: BlockFacts = BlockFacts()
    faults: tuple[tuple[str, Span], ...] = ()
