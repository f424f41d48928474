"""Names in `__all__` that the module doesn't bind: capture `name`."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from backend_team.checks.view import ANY_NAME, Hit
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend_team.checks.whole import Block
    from backend_team.settings import Settings


def check_blocks(blocks: Sequence[Block], path: str, settings: Settings) -> Iterator[Hit]:
    """Find them in modules whose names can all be seen."""
    del settings
    if not any(block.analysis.facts.exported for block in blocks):
        return
    if PurePath(path.replace("\\", "/")).name in {"__init__.py", "__init__.pyi"}:
        return
    bound: set[str] = set()
    for block in blocks:
        facts = block.analysis.facts
        if block.error is not None or ANY_NAME in facts.used:
            return
        bound |= facts.bound.keys()
    if not bound.isdisjoint({"*", "__getattr__"}):
        return
    base = 0
    for block in blocks:
        for name in sorted(block.analysis.facts.exported - bound):
            found = re.search(rf"""(["']){re.escape(name)}\1""", block.text) if name.isidentifier() else None
            if found is not None and name[:2] != "__":
                span = Span(base + found.start(), base + found.end())
                yield Hit(span, f"`{name}` is in `__all__` and nowhere else", (("name", span),))
        base += len(block.text)
