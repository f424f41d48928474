"""A name that is imported again from the same place: captures `alias` (in the import) and `statement`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from backend_team.checks.view import Hit
from backend_team.findings import Safety

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_team.checks.whole import Block
    from backend_team.settings import Settings


def check_blocks(blocks: Sequence[Block], path: str, settings: Settings) -> Iterator[Hit]:
    """Find imports of the module whose name is bound to that by another import above, and to nothing else."""
    del path, settings
    seen: set[tuple[str, str]] = set()
    clear: frozenset[str] | None = None  # names all of whose bindings are known to be the same
    base = 0
    for block in blocks:
        facts = block.analysis.facts
        if facts.lines and block.error is None:
            for name in facts.imports:
                source = name.name, name.shown
                if name.kept or source not in seen:
                    seen.add(source)
                    continue
                if clear is None:
                    clear = _clear(blocks)
                if name.name in clear:
                    alias, statement = name.span.shifted(base), name.statement.shifted(base)
                    standard = name.shown.partition(".")[0] in sys.stdlib_module_names
                    yield Hit(
                        alias,
                        f"`{name.shown}` is imported already",
                        (("alias", alias), ("statement", statement)),
                        None if standard else Safety.REVIEW,
                        anchor=statement.start,
                    )
        base += len(block.text)


def _clear(blocks: Sequence[Block]) -> frozenset[str]:
    """The names that every block which binds them knows to be the same."""
    kinds: dict[str, str | None] = {}
    for block in blocks:
        for name, kind in block.analysis.facts.bound.items():
            if kinds.setdefault(name, kind) != kind:
                kinds[name] = None
    return frozenset(name for name, kind in kinds.items() if kind is not None)
