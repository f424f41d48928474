"""The tables in the vocabulary of the product: accounts, executions with steps and events, deployments, usage."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, Index, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from backend_team.hosted.store.columns import Moment, Money, now

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

ID: Final = String(36)
EXECUTION: Final = "template_executions.id"


class Base(DeclarativeBase):
    """All tables; ids are UUIDs as text, moments UTC, money exact."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: Moment,
        Decimal: Money,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


class User(Base):
    """An account; `password_hash` is None for the embedded account, which signs in by its key file."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    plan: Mapped[str] = mapped_column(String(50))
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class ApiKey(Base):
    """A key of an account; only its SHA-256 is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    key_name: Mapped[str] = mapped_column(String(100))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class TemplateExecution(Base):
    """A run of a template.

    The id is the id of its workflow too. `idempotency_key` and `body_hash` make a repeated request the same run;
    `deployment_id` is fixed before anything is deployed, so that a deployment always finds its run.
    """

    __tablename__ = "template_executions"
    __table_args__ = (
        UniqueConstraint("user_id", "idempotency_key"),
        Index(None, "user_id", "status"),
        Index(None, "user_id", "created_at"),
        Index(None, "status"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    template_id: Mapped[str] = mapped_column(String(100), index=True)
    template_version: Mapped[str] = mapped_column(String(20))
    execution_config: Mapped[dict[str, Any]]
    destination: Mapped[str | None]
    idempotency_key: Mapped[str] = mapped_column(String(255))
    body_hash: Mapped[str] = mapped_column(String(64))
    deployment_id: Mapped[str] = mapped_column(ID, unique=True)
    status: Mapped[str] = mapped_column(String(20), default="queued")
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    result_data: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error_message: Mapped[str | None]
    total_cost: Mapped[Decimal] = mapped_column(default=Decimal(0))
    estimated_completion: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)
    start_time: Mapped[datetime | None]
    end_time: Mapped[datetime | None]


class ExecutionStep(Base):
    """A step of a run with its output; what has completed here is never run again.

    `input_hash` covers the resolved parameters: a later "run again from here" compares it.
    """

    __tablename__ = "execution_steps"

    execution_id: Mapped[str] = mapped_column(
        ForeignKey("template_executions.id", ondelete="CASCADE"), primary_key=True
    )
    step_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    input_hash: Mapped[str | None] = mapped_column(String(64))
    output: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error_message: Mapped[str | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ExecutionEvent(Base):
    """One event of a run; sequences of a run are gapless from 1. Kinds: log, status, end."""

    __tablename__ = "execution_events"

    execution_id: Mapped[str] = mapped_column(
        ForeignKey("template_executions.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)


class JournalEntry(Base):
    """Something outside that a run creates: written before (`intended`) and after (`done`) it exists."""

    __tablename__ = "journal"

    execution_id: Mapped[str] = mapped_column(
        ForeignKey("template_executions.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(50), primary_key=True)
    name: Mapped[str] = mapped_column(String(1024), primary_key=True)
    status: Mapped[str] = mapped_column(String(10))
    reference: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Deployment(Base):
    """A deployed application; `reference` is what its provider needs to find it again."""

    __tablename__ = "deployments"
    __table_args__ = (Index(None, "user_id", "created_at"), Index(None, "status"))

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    execution_id: Mapped[str] = mapped_column(ForeignKey("template_executions.id", ondelete="CASCADE"), index=True)
    template_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    provider: Mapped[str] = mapped_column(String(50))
    status: Mapped[str] = mapped_column(String(20))
    app_url: Mapped[str | None] = mapped_column(String(255))
    reference: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class UsageEvent(Base):
    """Something used, append-only: the ledger that is billed. Its id is made from what was used, so it counts once."""

    __tablename__ = "usage_events"
    __table_args__ = (Index(None, "user_id", "kind", "created_at"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    reference: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(default=now)


class AiApiCall(Base):
    """An AI request of an account, as its ledger reports it; the id is the ledger's."""

    __tablename__ = "ai_api_calls"
    __table_args__ = (Index(None, "user_id", "created_at"),)

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    ai_provider: Mapped[str] = mapped_column(String(50))
    model_name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(50))
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    cost: Mapped[Decimal]
    latency_ms: Mapped[int]
    success: Mapped[bool]
    cached: Mapped[bool]
    created_at: Mapped[datetime]


class Executor(Base):
    """A process that runs workflows; when its lease is over, another takes its work."""

    __tablename__ = "executors"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    lease_until: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
