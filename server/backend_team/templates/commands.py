"""The commands a step or a clean-up may name: what each takes, what it gives. `hosted/steps/` holds what they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Command:
    """What a manifest needs to know of a command.

    `parameters` maps a name to whether it must be given; `gives` names the fields of its result; `creates` says, for
    the plan, what exists afterwards outside the working folder, with `{}` for the application's name.
    """

    parameters: Mapping[str, bool]
    gives: tuple[str, ...]
    creates: tuple[str, ...] = ()


COMMANDS: Mapping[str, Command] = {
    "generate_files": Command({}, ("snapshot", "digest", "file_count", "destination")),
    "run_tests": Command(
        {"snapshot": True, "digest": True, "command": False},
        ("passed", "summary", "seconds"),
    ),
    "deploy_application": Command(
        {"snapshot": True, "digest": True, "name": True, "admin_email": False, "environment": False},
        ("app_url", "deployment_id", "health_url", "admin_credentials"),
        ("a supervised process “{}” on this machine, with its own database",),
    ),
    "verify_health": Command({"within_seconds": False}, ("checks",)),
}

CLEANUP_COMMANDS: Mapping[str, str] = {
    "delete_deployment": "stop and remove the deployment",
    "remove_files": "remove the generated files that nobody changed since",
}

PROVIDERS: tuple[str, ...] = ("local",)
