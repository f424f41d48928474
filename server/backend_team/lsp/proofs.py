"""What is proved of the fix of a finding, for those who ask before it is applied: computed once for a text."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from backend_team.lsp import jobs
from backend_team.lsp.workers import WorkerDied

if TYPE_CHECKING:
    from backend_team.findings import Finding, Fix, Withheld
    from backend_team.lsp.session import Session
    from backend_team.lsp.snapshot import Snapshot
    from backend_team.text import Source

PATIENCE: Final = 0.3  # seconds a hover waits; what comes later is there for the next one


class Proofs:
    """The fixes that were computed for the texts of open documents, by the finding they end."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[Source, str, dict[Finding, asyncio.Task[Fix | Withheld | None]]]] = {}
        self._one = asyncio.Lock()  # at a time: the others wait here, where they can be forgotten

    async def find(self, session: Session, snapshot: Snapshot, finding: Finding) -> Fix | Withheld | None:
        """The fix of a finding, or why there is none; None when that is not known in time."""
        self._forget_closed(session)
        source, rules, tasks = self._of.get(snapshot.uri, (None, "", {}))
        if source is not snapshot.source or rules != snapshot.folder.rules.digest:
            tasks = {}
            self._of[snapshot.uri] = snapshot.source, snapshot.folder.rules.digest, tasks
        task = tasks.get(finding)
        if task is None:
            name = f"proving the fix of {finding.rule}"
            task = tasks[finding] = session.wire.later(self._computed(session, snapshot, finding), name)
        done, _ = await asyncio.wait({task}, timeout=PATIENCE)
        if not done or task.cancelled() or task.exception() is not None:
            return None
        return task.result()

    def _forget_closed(self, session: Session) -> None:
        for uri in self._of.keys() - session.documents.keys():
            del self._of[uri]

    async def _computed(self, session: Session, snapshot: Snapshot, finding: Finding) -> Fix | Withheld | None:
        async with self._one:
            if self._of.get(snapshot.uri, (None,))[0] is not snapshot.source:
                return None  # the text has changed
            judge, source = jobs.judge_by(snapshot.folder, snapshot.settings), jobs.plain(snapshot.source)
            try:
                return await session.workers.whole(jobs.fix_one, judge, source, finding)
            except WorkerDied:
                return None
