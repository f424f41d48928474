"""What a template would do, before anything runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from backend_team.templates.commands import COMMANDS
from backend_team.templates.inputs import validate_inputs
from backend_team.templates.layers import files_of, layers_of
from backend_team.templates.values import skipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.templates.model import JSON, Template


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step that would run; `skipped` says why it would not."""

    id: int
    name: str
    command: str
    depends_on: tuple[int, ...]
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an execution would generate and create, and what it would cost.

    `estimated_cost` is zero to zero when no step asks an AI provider and the deployment stays on this machine.
    """

    template_id: str
    version: str
    inputs: Mapping[str, JSON]
    files: tuple[str, ...]
    steps: tuple[PlannedStep, ...]
    creates: tuple[str, ...]
    estimated_cost: tuple[float, float]


def plan(template: Template, configuration: Mapping[str, JSON]) -> Plan:
    """The plan of a configuration: exactly the files and steps an execution would have.

    Raises `TemplateError` when the configuration is wrong.
    """
    inputs = validate_inputs(template, configuration)
    folders = [template.folder / layer.folder for layer in layers_of(template, inputs)]
    files = sorted(name for folder in folders for name in files_of(folder))
    title = str(inputs.get("app_name", template.name))
    creates = [f"{len(files)} files"]
    steps: list[PlannedStep] = []
    for step in template.steps:
        reason = skipped(step, template, inputs)
        steps.append(PlannedStep(step.id, step.name, step.command, step.depends_on, reason))
        if reason is None:
            creates += [what.replace("{}", title) for what in COMMANDS[step.command].creates]
    return Plan(
        template.id, template.version, inputs, tuple(files), tuple(steps), tuple(creates), template.estimated_cost
    )
