from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from backend_team.hosted.keys import new_key

if TYPE_CHECKING:
    import httpx

    from backend_team.client.api import ApiClient

NOWHERE = "00000000-0000-0000-0000-000000000000"
FIRST_DAY = "0001-01-01T00:00:00+14:00"  # no moment in UTC
CALL = {
    **dict.fromkeys(("id", "provider", "model", "kind"), "x"),
    **dict.fromkeys(("input_tokens", "output_tokens", "latency_ms", "cost"), 1),
    "success": True,
    "cached": False,
    "created_at": "2026-11-21T00:00:00Z",
}


@pytest.mark.parametrize(
    ("method", "path", "json", "status", "kind"),
    [
        ("GET", "/nothing", None, 404, "not-found"),
        ("GET", "/v1/executions/", None, 404, "not-found"),
        ("GET", f"/v1/executions/{NOWHERE}", None, 404, "not-found"),
        ("GET", f"/v1/executions/{NOWHERE}/logs?stream=true", None, 404, "not-found"),
        ("POST", f"/v1/executions/{NOWHERE}/cancel", None, 404, "not-found"),
        ("GET", f"/v1/deployments/{NOWHERE}", None, 404, "not-found"),
        ("DELETE", f"/v1/deployments/{NOWHERE}", None, 404, "not-found"),
        ("GET", "/v1/templates/chian", None, 404, "not-found"),
        ("DELETE", "/v1/templates", None, 405, "method-not-allowed"),
        ("PUT", "/health", None, 405, "method-not-allowed"),
        ("GET", "/v1/templates?complexity=hard", None, 422, "invalid-request"),
        ("GET", "/v1/templates?max_cost=-1", None, 422, "invalid-request"),
        ("GET", "/v1/executions?limit=0", None, 422, "invalid-request"),
        ("POST", "/v1/auth/register", {"email": "no", "password": "long enough"}, 422, "invalid-request"),
        ("POST", "/v1/auth/register", {"email": "a@b.de", "password": "short"}, 422, "invalid-request"),
        (
            "POST",
            "/v1/auth/register",
            {"email": "a@b.de", "password": "long enough", "plan": "gold"},
            422,
            "invalid-request",
        ),
        ("POST", "/v1/auth/keys", {"email": "nobody@b.de", "password": "long enough"}, 401, "sign-in-refused"),
        ("POST", "/v1/templates/chain/execute", {"configuration": {}}, 400, "idempotency-key-missing"),
        ("POST", "/v1/templates/chain/execute", {}, 422, "invalid-request"),
        ("POST", "/v1/usage/ai-calls", {"calls": [{"id": ""}]}, 422, "invalid-request"),
        ("POST", "/v1/usage/ai-calls", {"calls": [{**CALL, "input_tokens": 10**30}]}, 422, "invalid-request"),
        ("POST", "/v1/usage/ai-calls", {"calls": [{**CALL, "cost": "NaN"}]}, 422, "invalid-request"),
        ("POST", "/v1/usage/ai-calls", {"calls": [{**CALL, "created_at": FIRST_DAY}]}, 422, "invalid-request"),
    ],
)
async def test_every_error_is_a_problem(
    http: httpx.AsyncClient, owner: dict[str, str], method: str, path: str, json: Any, status: int, kind: str
) -> None:
    answer = await http.request(method, path, json=json, headers=owner)
    check(answer, status, kind)


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "key-missing"),
        ({"X-API-Key": "abt_nonsense"}, "key-invalid"),
        ({"X-API-Key": new_key()}, "key-invalid"),
    ],
)
async def test_without_a_valid_key_nothing_is_told(http: httpx.AsyncClient, headers: dict[str, str], kind: str) -> None:
    for path in ("/v1/templates", "/v1/usage", "/v1/deployments", f"/v1/executions/{NOWHERE}"):
        answer = await http.get(path, headers=headers)
        check(answer, 401, kind)
        assert "X-API-Key" in answer.headers["www-authenticate"]


async def test_a_body_that_is_no_json_is_a_problem(http: httpx.AsyncClient, owner: dict[str, str]) -> None:
    headers = {**owner, "Content-Type": "application/json"}
    answer = await http.post("/v1/auth/register", content=b"{", headers=headers)
    check(answer, 422, "invalid-request")


async def test_a_configuration_that_does_not_fit_says_what_is_wrong(http: httpx.AsyncClient, key: str) -> None:
    answer = await http.post(
        "/v1/templates/chain/execute",
        json={"configuration": {"fodler": "/tmp", "port": "x"}},
        headers={"X-API-Key": key, "Idempotency-Key": "one"},
    )
    check(answer, 422, "invalid-configuration")
    detail = answer.json()["detail"]
    assert "folder: is missing" in detail
    assert "did you mean 'folder'" in detail
    assert "port: must be a whole number" in detail


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example:1"]
)
async def test_other_host_names_are_refused(http: httpx.AsyncClient, host: str) -> None:
    for path in ("/health", "/v1/templates"):
        check(await http.get(path, headers={"Host": host}), 421, "host-refused")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1234", "[::1]:80", "localhost:80"])
async def test_loopback_names_are_served(http: httpx.AsyncClient, host: str) -> None:
    assert (await http.get("/health", headers={"Host": host})).status_code == 200


async def test_no_page_of_another_origin_may_read_an_answer(http: httpx.AsyncClient) -> None:
    answer = await http.get("/health", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    preflight = await http.options("/v1/templates", headers={"Access-Control-Request-Method": "GET"})
    check(preflight, 405, "method-not-allowed")


async def test_health_and_readiness(http: httpx.AsyncClient) -> None:
    assert (await http.get("/health")).json()["status"] == "ok"
    assert (await http.get("/ready")).json()["status"] == "ok"


async def test_the_contract_is_published(http: httpx.AsyncClient, api: ApiClient) -> None:
    contract = (await http.get("/openapi.json")).json()
    assert contract["openapi"].startswith("3.1")
    assert {"/v1/templates/{template_id}/execute", "/v1/executions/{execution_id}/logs"} <= contract["paths"].keys()


def check(answer: httpx.Response, status: int, kind: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"urn:ai-backend-team:problem:{kind}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
