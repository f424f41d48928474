"""Files that were left out because working on them ended a worker process: the person is told once of each."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.lsp.wire import Wire
    from backend_team.lsp.workers import WorkerDied

logger = logging.getLogger(__name__)

FEW: Final = 5  # files that are named to the person; of others only the log tells


class LeftOut:
    """What was left out, and said so."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._said: set[Path] = set()

    def note(self, path: Path, error: WorkerDied) -> None:
        """Say that a file was left out; what is shown of it stays."""
        if path in self._said:
            return
        self._said.add(path)
        logger.warning("%s is left out: checking it %s", path, error.reason)
        if len(self._said) <= FEW:
            text = f"{path.name} is left out: checking it {error.reason}. What was found in it before stays. ({path})"
            self._wire.show(text, self._wire.WARNING)
        elif len(self._said) == FEW + 1:
            self._wire.show("More files are left out; the log of the server names them.", self._wire.WARNING)

    def checked(self, path: Path) -> None:
        """Forget a file that could be checked."""
        self._said.discard(path)
