"""Rules that stand down in the workspace, counted for the status: anew only when settings were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.analysis.table import stands_down

if TYPE_CHECKING:
    from collections.abc import Iterable

    from backend_team.lsp import protocol
    from backend_team.lsp.folders import Folder


class StandingDown:
    """Which rules leave their work to Ruff, by folder."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Folder, int, frozenset[str]]] = {}

    def of(self, folders: Iterable[Folder]) -> protocol.StandsDown:
        """How many rules stand down in some part of the folders, and for whom."""
        known = {id(folder): self._in(folder) for folder in folders}
        self._known = known
        rules = frozenset().union(*(found for _, _, found in known.values()))
        return {"rules": len(rules), "tools": ["ruff"] if rules else []}

    def _in(self, folder: Folder) -> tuple[Folder, int, frozenset[str]]:
        loaded = folder.resolver.loaded
        before = self._known.get(id(folder))
        if before is not None and before[0] is folder and before[1] == len(loaded):
            return before
        settings = [one for one in loaded if one.ruff is not None]
        found = {rule.id for rule in folder.rules if any(stands_down(rule, one) for one in settings)}
        return folder, len(loaded), frozenset(found)
