"""How Alembic reaches the database: by the connection it is given, or by DATABASE_URL."""

from alembic import context

from app.database import open_engine
from app.models import Base
from app.settings import Settings


def run(connection: object) -> None:
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = open_engine(Settings.from_environment().database_url)
    with engine.connect() as opened:
        run(opened)
    engine.dispose()
