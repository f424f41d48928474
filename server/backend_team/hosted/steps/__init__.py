"""The commands of templates: what each step and each clean-up does. `COMMANDS` is all that the engine knows of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backend_team.hosted.steps.context import Journal, JournalEntry, StepContext, StepFunction
from backend_team.hosted.steps.deploy_application import delete_deployment, deploy_application
from backend_team.hosted.steps.generate_files import generate_files, remove_files
from backend_team.hosted.steps.run_tests import run_tests
from backend_team.hosted.steps.verify_health import verify_health

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["COMMANDS", "Journal", "JournalEntry", "StepContext", "StepFunction"]

COMMANDS: Mapping[str, StepFunction] = {
    "generate_files": generate_files,
    "run_tests": run_tests,
    "deploy_application": deploy_application,
    "verify_health": verify_health,
    "delete_deployment": delete_deployment,
    "remove_files": remove_files,
}
