"""Accounts: register, and a new key for who lost theirs."""

import asyncio
from functools import cache
from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import APIRouter, Depends
from pydantic import BaseModel, StringConstraints

from backend_team.hosted.api.access import ServiceDep, may_register
from backend_team.hosted.api.problem import refuse
from backend_team.hosted.keys import key_hash, new_key
from backend_team.hosted.plans import DEFAULT_PLAN, plan_named
from backend_team.hosted.store import accounts

router = APIRouter(prefix="/v1/auth", tags=["auth"], dependencies=[Depends(may_register)])
hasher = PasswordHasher()


@cache
def nobody() -> str:
    """Verified when there is no such account, so that both refusals take as long."""
    return hasher.hash("nobody")


Email = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$")
]
Password = Annotated[str, StringConstraints(min_length=8, max_length=256)]


class Registration(BaseModel):
    """A new account."""

    email: Email
    password: Password
    plan: str = DEFAULT_PLAN


class Registered(BaseModel):
    """The account, and its key: shown this once."""

    user_id: str
    api_key: str
    plan: str


class KeyRequest(BaseModel):
    """A further key for an account."""

    email: Email
    password: Password
    name: Annotated[str, StringConstraints(min_length=1, max_length=100)] = "default"


class KeyMade(BaseModel):
    """A key: shown this once."""

    api_key: str
    name: str


@router.post("/register", status_code=201)
async def register(body: Registration, service: ServiceDep) -> Registered:
    """Make an account; its key is shown only now."""
    plan = plan_named(body.plan)
    hashed = await asyncio.to_thread(hasher.hash, body.password)
    key = new_key()
    async with service.database.write() as session:
        user_id = await accounts.register(session, body.email, hashed, plan.name)
        if user_id is None:
            raise refuse(
                409,
                "email-taken",
                f"there is an account with the address {body.email}",
                "POST /v1/auth/keys gives a new key for an address and its password",
            )
        await accounts.add_key(session, user_id, key_hash(key), "default")
    return Registered(user_id=user_id, api_key=key, plan=plan.name)


@router.post("/keys", status_code=201)
async def make_key(body: KeyRequest, service: ServiceDep) -> KeyMade:
    """Make another key for an account, with its password."""
    async with service.database.read() as session:
        known = await accounts.credentials(session, body.email)
    user_id, stored = known or (None, None)
    if not await asyncio.to_thread(_verified, stored, body.password) or user_id is None:
        raise refuse(401, "sign-in-refused", "address or password is wrong")
    key = new_key()
    async with service.database.write() as session:
        await accounts.add_key(session, user_id, key_hash(key), body.name)
    return KeyMade(api_key=key, name=body.name)


def _verified(stored: str | None, password: str) -> bool:
    try:
        return hasher.verify(stored or nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False
