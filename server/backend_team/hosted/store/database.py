"""The database: an async engine, sessions to read and to write, the schema brought up to date on opening."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import URL, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from backend_team.errors import FileError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import AsyncEngine

HEAD: Final = "0001"  # the newest migration; a test compares it with the folder and the tables with the models


class Database:
    """The store of one service, in an SQLite file or behind a URL; open it before use, close it at the end."""

    def __init__(self, place: Path | str) -> None:
        self._place = place
        parsed = make_url(place) if isinstance(place, str) else URL.create("sqlite", database=str(place))
        self.sqlite = parsed.get_backend_name() == "sqlite"
        driver = "sqlite+aiosqlite" if self.sqlite else "postgresql+asyncpg"
        self.url = parsed.set(drivername=driver)
        self.engine: AsyncEngine = create_async_engine(self.url, pool_pre_ping=not self.sqlite)
        # One writer at a time on SQLite: waiting here is fair and cheaper than its busy handler.
        self._writing = asyncio.Lock() if self.sqlite else None
        if self.sqlite:
            event.listen(self.engine.sync_engine, "connect", _configure_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    async def open(self) -> None:
        """Make or migrate the schema. Raises `FileError` for one of a newer version, or a database that is damaged."""
        try:
            async with self.engine.connect() as connection:
                current = await connection.run_sync(_version)
            if current != HEAD:
                await asyncio.to_thread(upgrade, self.url.set(drivername="sqlite" if self.sqlite else "postgresql"))
        except DBAPIError as error:
            raise unusable(self._place, error) from error

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session for reading: one consistent snapshot, rolled back at the end."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session that commits at the end, or nothing of it when an error passes through."""
        if self._writing is None:
            async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
            return
        async with self._writing:
            engine = self.engine.execution_options(immediate=True)
            async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
                yield session

    async def ping(self) -> None:
        """Ask the database something; raises when it does not answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))


def unusable(place: Path | str, error: DBAPIError) -> FileError:
    """The error for a database that can't be read or written."""
    shown = make_url(place).render_as_string() if isinstance(place, str) else place  # without its password
    return FileError(
        f"the database {shown} can't be used: {error.orig}",
        hint="look at its folder and disk; a damaged file moved away is made anew, without what it held",
    )


def upgrade(url: Any) -> None:
    """Bring a schema to the newest version with Alembic (imported only when there is something to do)."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", "backend_team.hosted.store:migrations")
    config.attributes["url"] = url
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise FileError(
            f"the database {url.render_as_string()} has a schema that this version does not know: {error}",
            hint="it was written by a newer version of ai-backend-team; install that one",
        ) from error


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun below, not guessed by the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads and then writes would fail at once when another wrote between: take the lock first.
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
