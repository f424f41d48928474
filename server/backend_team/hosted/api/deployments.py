"""Deployments: list, look at, remove."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel

from backend_team.hosted.api.access import AccountDep, ServiceDep
from backend_team.hosted.api.problem import refuse
from backend_team.hosted.service import Service
from backend_team.hosted.store import deployments
from backend_team.hosted.store.accounts import Account
from backend_team.hosted.store.tables import Deployment

router = APIRouter(prefix="/v1/deployments", tags=["deployments"])


class DeploymentView(BaseModel):
    """A deployment as it stands: deploying, running, stopped, failed or removed."""

    id: str
    name: str
    provider: str
    status: str
    url: str | None
    template_id: str
    execution_id: str
    created_at: datetime


class DeploymentList(BaseModel):
    """The deployments that are not removed, newest first."""

    deployments: list[DeploymentView]


@router.get("")
async def list_deployments(service: ServiceDep, account: AccountDep) -> DeploymentList:
    """The deployments of the account."""
    async with service.database.read() as session:
        rows = await deployments.listed(session, account.user_id)
    return DeploymentList(deployments=[_view(row) for row in rows])


@router.get("/{deployment_id}")
async def get_deployment(deployment_id: str, service: ServiceDep, account: AccountDep) -> DeploymentView:
    """One deployment, removed ones too."""
    return _view(await _find(service, account, deployment_id))


@router.delete("/{deployment_id}", status_code=204)
async def remove_deployment(deployment_id: str, service: ServiceDep, account: AccountDep) -> Response:
    """Stop a deployment and remove what it has on its provider; a removed one stays removed."""
    row = await _find(service, account, deployment_id)
    if row.status != deployments.REMOVED:
        await service.deployer.remove(row.id, row.reference)
        async with service.database.write() as session:
            await deployments.change(session, row.id, deployments.REMOVED, {})
    return Response(status_code=204)


async def _find(service: Service, account: Account, deployment_id: str) -> Deployment:
    async with service.database.read() as session:
        row = await deployments.find(session, account.user_id, deployment_id)
    if row is None:
        raise refuse(404, "not-found", f'there is no deployment "{deployment_id}"', "GET /v1/deployments lists yours")
    return row


def _view(row: Deployment) -> DeploymentView:
    return DeploymentView(
        id=row.id,
        name=row.name,
        provider=row.provider,
        status=row.status,
        url=row.app_url if row.status != deployments.REMOVED else None,
        template_id=row.template_id,
        execution_id=row.execution_id,
        created_at=row.created_at,
    )
