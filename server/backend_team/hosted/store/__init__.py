"""The store of the hosted API: one SQLAlchemy schema for SQLite (embedded) and PostgreSQL (a team)."""
