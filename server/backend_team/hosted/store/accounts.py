"""Accounts and their keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from sqlalchemy import select, update

from backend_team.hosted.store.columns import now
from backend_team.hosted.store.tables import ApiKey, User

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

EMBEDDED: Final = "developer@localhost"  # the account of the machine's owner; can't be registered (no such domain)
TOUCH: Final = timedelta(minutes=1)  # a key's last use is written at most this often


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks; `stale` when the key's last use is due to be written."""

    user_id: str
    plan: str
    key_id: str
    stale: bool


async def register(session: AsyncSession, email: str, password_hash: str, plan: str) -> str | None:
    """Make an account and return its id, or None when the address is taken."""
    address = email.lower()
    if await session.scalar(select(User.id).where(User.email == address)):
        return None
    user = User(id=str(uuid4()), email=address, password_hash=password_hash, plan=plan)
    session.add(user)
    await session.flush()
    return user.id


async def add_key(session: AsyncSession, user_id: str, hashed: str, name: str) -> None:
    """Give an account a key."""
    session.add(ApiKey(id=str(uuid4()), user_id=user_id, key_hash=hashed, key_name=name))


async def credentials(session: AsyncSession, email: str) -> tuple[str, str | None] | None:
    """Id and password hash of an active account, or None."""
    row = (
        await session.execute(select(User.id, User.password_hash).where(User.email == email.lower(), User.is_active))
    ).one_or_none()
    return (row.id, row.password_hash) if row else None


async def authenticate(session: AsyncSession, hashed: str) -> Account | None:
    """The account of a key, or None when the key or its account is unknown or not active."""
    query = (
        select(User.id, User.plan, ApiKey.id.label("key_id"), ApiKey.last_used_at)
        .join(ApiKey, ApiKey.user_id == User.id)
        .where(ApiKey.key_hash == hashed, ApiKey.is_active, User.is_active)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    stale = row.last_used_at is None or now() - row.last_used_at > TOUCH
    return Account(row.id, row.plan, row.key_id, stale)


async def touch(session: AsyncSession, key_id: str) -> None:
    """Write that a key was used now."""
    await session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=now()))


async def keep_embedded(session: AsyncSession, hashed: str, plan: str) -> None:
    """Make sure that the machine's own account exists, is on the plan, and has this key as its only one."""
    user = await session.scalar(select(User).where(User.email == EMBEDDED))
    if user is None:
        user = User(id=str(uuid4()), email=EMBEDDED, plan=plan)
        session.add(user)
        await session.flush()
    user.plan = plan
    known = await session.scalar(select(ApiKey).where(ApiKey.user_id == user.id, ApiKey.key_hash == hashed))
    await session.execute(
        update(ApiKey).where(ApiKey.user_id == user.id, ApiKey.key_hash != hashed).values(is_active=False)
    )
    if known is None:
        await add_key(session, user.id, hashed, "embedded")
    else:
        known.is_active = True
