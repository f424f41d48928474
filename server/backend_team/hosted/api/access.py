"""Who asks: the account behind `X-API-Key`, and the service behind the application."""

from secrets import compare_digest
from typing import Annotated, cast

from fastapi import Depends, Request, Response, Security
from fastapi.security import APIKeyHeader

from backend_team.hosted.api.problem import TooManyRequestsError, refuse
from backend_team.hosted.keys import key_hash, well_formed
from backend_team.hosted.plans import plan_named
from backend_team.hosted.service import Service
from backend_team.hosted.store import accounts
from backend_team.hosted.store.accounts import Account

HEADER = APIKeyHeader(name="X-API-Key", auto_error=False, description="A key of an account, `abt_…`")
HINT = "send the header X-API-Key; POST /v1/auth/register gives a key"


def service_of(request: Request) -> Service:
    """The service of the application."""
    return cast("Service", request.app.state.service)


async def account_of(request: Request, response: Response, key: Annotated[str | None, Security(HEADER)]) -> Account:
    """The account of the request's key. Refuses with 401, and with 429 what is above the plan's requests a minute."""
    if not key:
        raise refuse(401, "key-missing", "the request has no API key", HINT)
    if not well_formed(key):
        raise refuse(401, "key-invalid", "this is not an API key: its checksum is wrong", "was it copied completely?")
    service = service_of(request)
    database = service.database
    async with database.read() as session:
        account = await accounts.authenticate(session, key_hash(key))
    if account is None:
        raise refuse(401, "key-invalid", "the API key is unknown or was revoked", HINT)
    if account.stale:
        async with database.write() as session:
            await accounts.touch(session, account.key_id)
    if not service.hosting.embedded:
        verdict = service.limits.take(account.user_id, plan_named(account.plan).requests_per_minute)
        response.headers.update(verdict.headers)
        if not verdict.allowed:
            raise TooManyRequestsError(verdict)
    return account


async def may_register(request: Request, key: Annotated[str | None, Security(HEADER)]) -> None:
    """On a person's own machine only they may make accounts: everybody who is on the machine reaches loopback."""
    owner = service_of(request).hosting.key_hash
    if owner is not None and not (key and compare_digest(key_hash(key), owner)):
        raise refuse(
            401,
            "key-invalid" if key else "key-missing",
            "accounts on this machine are made by its owner",
            "send the header X-API-Key with the key in the file api/key of the state folder",
        )


ServiceDep = Annotated[Service, Depends(service_of)]
AccountDep = Annotated[Account, Depends(account_of)]
