"""Errors as `application/problem+json` (RFC 9457): one stable `type` per error, with what to do in `hint`."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from backend_team.errors import ApiError, BackendTeamError, TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request

    from backend_team.hosted.limits import Verdict

logger = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
URN: Final = "urn:ai-backend-team:problem:"

TITLES: Final[Mapping[str, str]] = {
    "destination-refused": "The destination can't be used",
    "email-taken": "There is an account with this address",
    "host-refused": "This host name is not served here",
    "idempotency-key-missing": "The request needs an Idempotency-Key",
    "idempotency-key-reused": "The Idempotency-Key belongs to another request",
    "internal-error": "The service failed",
    "invalid-configuration": "The configuration does not fit the template",
    "invalid-request": "The request is not understood",
    "key-invalid": "The API key is not valid",
    "key-missing": "The request has no API key",
    "method-not-allowed": "The method is not allowed here",
    "not-cancellable": "The execution is over",
    "not-found": "There is nothing here",
    "plan-exhausted": "The plan includes no more",
    "rate-limited": "Too many requests",
    "sign-in-refused": "Address or password is wrong",
    "unavailable": "The service is not ready",
}


def problem(
    status: int,
    kind: str,
    detail: str,
    *,
    hint: str | None = None,
    instance: str | None = None,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> JSONResponse:
    """The response for an error; `kind` is a key of `TITLES`."""
    body: dict[str, Any] = {"type": URN + kind, "title": TITLES[kind], "status": status, "detail": detail}
    body |= {
        key: value for key, value in (("instance", instance), ("hint", hint), ("errors", errors)) if value is not None
    }
    return JSONResponse(body, status, headers, MEDIA_TYPE)


def refuse(status: int, kind: str, detail: str, hint: str | None = None) -> ApiError:
    """The error to raise in a route; `kind` is a key of `TITLES`."""
    return ApiError(detail, status=status, type_=kind, hint=hint)


class TooManyRequestsError(ApiError):
    """The account has asked more than its plan allows a minute."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(
            f"the plan allows {verdict.quota} requests a minute",
            status=429,
            type_="rate-limited",
            hint=f"ask again in {verdict.retry_after} s",
        )
        self.headers = verdict.headers


def install(app: FastAPI) -> None:
    """Make every error of the application a problem."""

    @app.exception_handler(ApiError)
    async def refused(request: Request, error: ApiError) -> JSONResponse:
        status = error.status or 400
        headers = {"WWW-Authenticate": 'ApiKey header="X-API-Key"'} if status == 401 else {}
        if isinstance(error, TooManyRequestsError):
            headers = error.headers
        kind = error.type or "invalid-request"
        return problem(status, kind, error.message, hint=error.hint, instance=request.url.path, headers=headers)

    @app.exception_handler(TemplateError)
    async def wrong_configuration(request: Request, error: BackendTeamError) -> JSONResponse:
        return problem(422, "invalid-configuration", error.message, hint=error.hint, instance=request.url.path)

    @app.exception_handler(RequestValidationError)
    async def wrong_shape(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            {"pointer": "/" + "/".join(str(part) for part in one["loc"]), "detail": str(one["msg"])}
            for one in error.errors()
        ]
        detail = "; ".join(f"{one['pointer']}: {one['detail']}" for one in errors)
        return problem(422, "invalid-request", detail, instance=request.url.path, errors=errors)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> JSONResponse:
        kind = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "invalid-request")
        detail = {
            404: f"{request.url.path} is not an address of this API",
            405: f"{request.method} is not allowed for {request.url.path}",
        }.get(error.status_code, str(error.detail))
        hint = "all addresses: GET /openapi.json" if error.status_code in (404, 405) else None
        return problem(error.status_code, kind, detail, hint=hint, instance=request.url.path, headers=error.headers)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        logger.error("%s %s", request.method, request.url.path, exc_info=error)
        detail = HTTPStatus.INTERNAL_SERVER_ERROR.description
        return problem(500, "internal-error", detail, hint="the service's log says more", instance=request.url.path)
