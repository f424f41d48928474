"""Show and remove deployments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.lsp import hosted_api
from backend_team.lsp.progress import progress

if TYPE_CHECKING:
    from backend_team.lsp import protocol
    from backend_team.lsp.session import Session


async def list_deployments(
    session: Session, _params: protocol.Empty, _token: str | int | None
) -> list[protocol.Deployment]:
    """The deployments that are not removed."""
    async with hosted_api.connected(session) as api:
        return [
            {
                "id": row["id"],
                "name": row["name"],
                "provider": row["provider"],
                "status": row["status"],
                "url": row.get("url"),
                "template": row["template_id"],
                "createdAt": str(row["created_at"]),
            }
            for row in await api.deployments()
        ]


async def remove_deployment(session: Session, params: protocol.DeploymentReference, token: str | int | None) -> None:
    """Stop a deployment and remove what it created."""
    async with progress(session, "Removing the deployment", token), hosted_api.connected(session) as api:
        await api.remove_deployment(params["id"])
