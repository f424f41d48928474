from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backend_team.client.api import ApiClient
from backend_team.errors import ApiError

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from tests.hosted.conftest import Machine


async def test_an_account_is_made_once_and_its_key_works(
    http: httpx.AsyncClient, owner: dict[str, str], tmp_path: Path
) -> None:
    body = {"email": f"Mail.{tmp_path.name}@Example.org", "password": "correct horse", "plan": "starter"}
    made = await http.post("/v1/auth/register", json=body, headers=owner)
    assert made.status_code == 201
    assert (
        await http.post("/v1/auth/register", json={**body, "email": body["email"].lower()}, headers=owner)
    ).status_code == 409
    usage = await http.get("/v1/usage", headers={"X-API-Key": made.json()["api_key"]})
    assert usage.json()["plan"] == made.json()["plan"] == "starter"


async def test_who_lost_the_key_gets_another_with_the_password(
    http: httpx.AsyncClient, owner: dict[str, str], tmp_path: Path
) -> None:
    body = {"email": f"{tmp_path.name}@example.org", "password": "correct horse"}
    first = (await http.post("/v1/auth/register", json=body, headers=owner)).json()["api_key"]
    second = (await http.post("/v1/auth/keys", json=body, headers=owner)).json()["api_key"]
    assert first != second
    for key in (first, second):
        assert (await http.get("/v1/usage", headers={"X-API-Key": key})).status_code == 200
    refused = await http.post("/v1/auth/keys", json={**body, "password": "wrong horse"}, headers=owner)
    assert refused.status_code == 401


async def test_neither_keys_nor_passwords_are_kept(shared_machine: Machine, key: str) -> None:
    kept = b"".join(
        file.read_bytes() for file in shared_machine.folder.iterdir() if file.is_file() and file.name != "key"
    )
    machine_key = (shared_machine.folder / "key").read_text().strip()
    assert key.encode() not in kept
    assert machine_key.encode() not in kept
    assert b"correct horse" not in kept
    hashes = shared_machine.rows("SELECT password_hash FROM users WHERE password_hash IS NOT NULL")
    assert all(hashed.startswith("$argon2id$") for (hashed,) in hashes)


async def test_what_is_another_accounts_is_not_there(api: ApiClient, key: str, tmp_path: Path) -> None:
    mine = (await api.execute("chain", {"folder": str(tmp_path)}))["execution_id"]
    async with ApiClient(api.url, key) as other:
        for ask in (other.execution(mine), other.logs(mine), other.cancel(mine)):
            with pytest.raises(ApiError) as refused:
                await ask
            assert refused.value.status == 404
        with pytest.raises(ApiError):
            async for _ in other.follow(mine):
                pass
        assert await other.executions() == []


async def test_on_a_persons_machine_only_they_make_accounts(http: httpx.AsyncClient, key: str, tmp_path: Path) -> None:
    """Everybody who is on the machine reaches loopback; an account could run templates as the machine's owner."""
    body = {"email": f"x{tmp_path.name}@example.org", "password": "correct horse"}
    for headers in ({}, {"X-API-Key": key}, {"X-API-Key": "nonsense"}):
        for path in ("/v1/auth/register", "/v1/auth/keys"):
            assert (await http.post(path, json=body, headers=headers)).status_code == 401
