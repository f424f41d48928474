"""The journal of an execution: what it creates outside, written before and after; clean-up reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from backend_team.hosted.store.tables import JournalEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.hosted.store.database import Database


class StoredJournal:
    """The journal of one execution in the store; implements `hosted.steps.Journal`."""

    def __init__(self, database: Database, execution_id: str) -> None:
        self._database = database
        self._execution_id = execution_id

    async def intend(self, kind: str, name: str) -> None:
        """Write that something is about to be created; a second intention changes nothing."""
        async with self._database.write() as session:
            key = (self._execution_id, kind, name)
            if await session.get(JournalEntry, key) is None:
                session.add(
                    JournalEntry(execution_id=self._execution_id, kind=kind, name=name, status="intended", reference={})
                )

    async def done(self, kind: str, name: str, reference: Mapping[str, Any]) -> None:
        """Write that it exists, and how to find it."""
        async with self._database.write() as session:
            await session.merge(
                JournalEntry(
                    execution_id=self._execution_id, kind=kind, name=name, status="done", reference=dict(reference)
                )
            )

    async def forget(self, kind: str, name: str) -> None:
        """Write that it is gone again."""
        async with self._database.write() as session:
            await session.execute(
                delete(JournalEntry).where(
                    JournalEntry.execution_id == self._execution_id,
                    JournalEntry.kind == kind,
                    JournalEntry.name == name,
                )
            )

    async def entries(self) -> list[Entry]:
        """What may exist, oldest first; clean-up goes through it from the end."""
        async with self._database.read() as session:
            rows = await session.scalars(
                select(JournalEntry)
                .where(JournalEntry.execution_id == self._execution_id)
                .order_by(JournalEntry.created_at)
            )
            return [Entry(row.kind, row.name, row.status == "done", row.reference) for row in rows]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something outside; `done` False: it was about to be created, so it may or may not exist."""

    kind: str
    name: str
    done: bool
    reference: Mapping[str, Any]
