"""`/health` touches nothing; `/ready` asks the database."""

import os

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from backend_team.hosted.api.access import ServiceDep
from backend_team.hosted.api.problem import refuse
from backend_team.version import VERSION

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """That the process lives, and which one it is."""

    status: str
    service: str
    version: str
    pid: int


class Readiness(BaseModel):
    """That requests can be served."""

    status: str
    executions: int


HEALTH = Health(status="ok", service="backend-team", version=VERSION, pid=os.getpid())


@router.get("/health")
async def health() -> Health:
    """Whether the process lives."""
    return HEALTH


@router.get("/ready")
async def ready(service: ServiceDep) -> Readiness:
    """Whether requests can be served: the database answers."""
    try:
        await service.database.ping()
    except (SQLAlchemyError, OSError) as error:
        raise refuse(503, "unavailable", "the database does not answer", "try again soon") from error
    return Readiness(status="ok", executions=service.engine.running)
