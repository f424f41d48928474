"""List Rules: the shipped ones and those of the folders, with what each finds now."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from backend_team.analysis.table import is_enabled
from backend_team.lsp.inventory import inventory

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.inventory import Inventory
    from backend_team.lsp.session import Session
    from backend_team.rules.model import Rule


async def run(session: Session, _params: protocol.Empty, _token: str | int | None) -> list[protocol.RuleSummary]:
    """All rules, sorted by their ids."""
    return await asyncio.to_thread(_summaries, await inventory(session))


def _summaries(found: Inventory) -> list[protocol.RuleSummary]:
    counts = Counter(one.code for file in found.files() for one in file.items)
    return [
        {
            "id": rule.id,
            "title": rule.title,
            "category": rule.category,
            "runs": _runs(found, rule),
            "fixable": rule.fixable,
            "findings": counts[rule.id],
        }
        for _, rule in sorted(found.rules.items())
    ]


def _runs(found: Inventory, rule: Rule) -> bool:
    """Whether a rule runs in some folder, or in a part of one; without folders whether it runs in a single file."""
    for folder in found.folders or (found.outside,):
        own = folder.rules.by_id.get(rule.id)
        settings = (folder.settings, *folder.resolver.loaded, *folder.resolver.applied)
        if own is not None and any(is_enabled(own, one) for one in settings):
            return True
    return False
