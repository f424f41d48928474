"""What remains known of blocks whose text no longer parses: the last good findings, moved along with an edit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backend_team.analysis.facts import BlockAnalysis, BlockFacts, Candidate, FunctionFacts
from backend_team.analysis.suppressions import suppressions
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend_team.analysis.blocks import Block
    from backend_team.checks.view import ImportedName
    from backend_team.findings import Finding
    from backend_team.text import Edit


def keep(blocks: Sequence[Block], edit: Edit, text: str) -> BlockAnalysis:
    """The analyses of the blocks as one, counted in `text`, which is theirs after the edit (counted in theirs)."""
    candidates: list[Candidate] = []
    functions: list[FunctionFacts] = []
    imports: list[ImportedName] = []
    bound: dict[str, str | None] = {}
    used: set[str] = set()
    attributes: set[str] = set()
    strings: set[str] = set()
    exported: set[str] = set()
    move = _Move(edit)
    base = 0
    for block in blocks:
        facts = block.analysis.facts
        for candidate in block.analysis.candidates:
            if candidate.silenced_by:
                continue
            finding = move.finding(candidate.finding.shifted(base))
            if finding is not None:
                candidates.append(Candidate(finding, candidate.requires))
        for function in facts.functions:
            prefix = f"{block.owner}." if block.kind == "member" else ""
            span = move.around(function.span.shifted(base))
            functions.append(function._replace(qualified_name=prefix + function.qualified_name, span=span))
        for name in facts.imports:
            alias, statement = move.span(name.span.shifted(base)), move.span(name.statement.shifted(base))
            if alias is not None and statement is not None:
                imports.append(replace(name, span=alias, statement=statement))
        bound |= facts.bound
        used |= facts.used
        attributes |= facts.attributes
        strings |= facts.strings
        exported |= facts.exported
        base += len(block.text)
    return BlockAnalysis(
        tuple(candidates),
        BlockFacts(
            bound=bound,
            used=frozenset(used),
            attributes=frozenset(attributes),
            strings=frozenset(strings),
            exported=frozenset(exported),
            imports=tuple(imports),
            functions=tuple(functions),
            suppressions=suppressions(text),
        ),
    )


class _Move:
    """Where an edit moves places."""

    def __init__(self, edit: Edit) -> None:
        self._edit = edit.span
        self._by = len(edit.text) - (edit.span.end - edit.span.start)

    def span(self, span: Span) -> Span | None:
        """The place after the edit; None when the edit touches it."""
        if span.end <= self._edit.start:
            return span
        return span.shifted(self._by) if span.start >= self._edit.end else None

    def around(self, span: Span) -> Span:
        """The place after the edit; one that holds the edit grows or shrinks with it."""
        moved = self.span(span)
        if moved is not None:
            return moved
        start = min(span.start, self._edit.start)
        return Span(start, max(start, max(span.end, self._edit.end) + self._by))

    def finding(self, finding: Finding) -> Finding | None:
        """The finding after the edit; None when the edit touches what is marked.

        What its fix would need is forgotten when the edit touches that: the finding then has no fix until the text
        parses again.
        """
        span = self.span(finding.span)
        if span is None:
            return None
        captures = [(name, self.span(place)) for name, place in finding.captures]
        kept = tuple((name, place) for name, place in captures if place is not None)
        related = [(message, self.span(place)) for message, place in finding.related]
        return replace(
            finding,
            span=span,
            captures=kept if len(kept) == len(captures) else (),
            related=tuple((message, place) for message, place in related if place is not None),
        )
