"""`deploy_application`: hand the snapshot to the provider, with a first administrator. Undo: `delete_deployment`."""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from argon2 import PasswordHasher

from backend_team.errors import StepError
from backend_team.hosted.providers.application import write_private
from backend_team.hosted.steps import snapshot

if TYPE_CHECKING:
    from backend_team.hosted.steps.context import StepContext
    from backend_team.templates.model import JSON

DEPLOYMENT = "deployment"
CREDENTIALS = "first-admin.json"
PASSWORD_BYTES = 15  # 20 characters, 120 bits


def deployment_id_of(execution_id: str) -> str:
    """The one deployment of an execution, the same at every attempt."""
    return str(uuid5(UUID(execution_id), "deploy_application"))


async def deploy_application(context: StepContext) -> dict[str, JSON]:
    """Deploy the snapshot; gives its address and where the first administrator's password can be read.

    The application is given the password's hash. The password itself is only in a file that its owner can read, in the
    deployment's folder: an output would be stored with the execution. Raises `StepError`.
    """
    folder = Path(context.text("snapshot"))
    await asyncio.to_thread(snapshot.verify, folder, context.text("digest"))
    deployment_id = deployment_id_of(context.execution_id)
    environment = _variables(context.parameters.get("environment"))
    credentials: dict[str, JSON] | None = None
    await context.journal.intend(DEPLOYMENT, deployment_id)
    email = context.parameters.get("admin_email")
    if isinstance(email, str) and email:
        place = context.deployer.folder_of(deployment_id)
        password = await asyncio.to_thread(_password, place / CREDENTIALS, email)
        hashed = await asyncio.to_thread(PasswordHasher().hash, password)
        environment |= {"ADMIN_EMAIL": email, "ADMIN_PASSWORD_HASH": hashed}
        credentials = {"email": email, "password_file": str(place / CREDENTIALS)}
    deployed = await context.deployer.deploy(deployment_id, context.text("name"), folder, environment, context.log)
    await context.journal.done(DEPLOYMENT, deployment_id, deployed.reference)
    return {
        "app_url": deployed.url,
        "deployment_id": deployment_id,
        "health_url": f"{deployed.url}/health",
        "admin_credentials": credentials,
    }


async def delete_deployment(context: StepContext) -> dict[str, JSON]:
    """Stop and remove what `deploy_application` began or finished."""
    removed: list[JSON] = []
    for entry in reversed(await context.journal.entries()):
        if entry.kind == DEPLOYMENT:
            await context.deployer.remove(entry.name, entry.reference)
            await context.journal.forget(entry.kind, entry.name)
            context.log("info", "stopped and removed the deployment")
            removed.append(entry.name)
    return {"removed": removed}


def _password(file: Path, email: str) -> str:
    """The first administrator's password: of an earlier attempt, or a new one."""
    with suppress(OSError, ValueError, KeyError):
        return str(json.loads(file.read_text("utf-8"))["password"])
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    write_private(file, {"email": email, "password": password})
    return password


def _variables(value: JSON) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise StepError('the parameter "environment" must be an object of texts')
    return {name: str(item) for name, item in value.items()}
