"""Alembic's entry: migrates the database it is given, in one transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool

from backend_team.hosted.store.tables import Base

engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        user_module_prefix="columns.",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
