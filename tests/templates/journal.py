"""A journal in memory, and a step's context: what the engine gives to commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from backend_team.hosted.steps import COMMANDS, StepContext
from backend_team.templates.values import parameters_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from backend_team.hosted.providers.local import LocalProvider
    from backend_team.templates.model import JSON, Template


@dataclass(frozen=True)
class Entry:
    kind: str
    name: str
    done: bool = False
    reference: Mapping[str, Any] = field(default_factory=dict)


class MemoryJournal:
    """The journal of one execution, as the store keeps it."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Entry] = {}

    async def intend(self, kind: str, name: str) -> None:
        self.rows.setdefault((kind, name), Entry(kind, name))

    async def done(self, kind: str, name: str, reference: Mapping[str, Any]) -> None:
        self.rows[kind, name] = Entry(kind, name, True, dict(reference))

    async def forget(self, kind: str, name: str) -> None:
        self.rows.pop((kind, name), None)

    async def entries(self) -> list[Entry]:
        return list(self.rows.values())


class Bench:
    """Runs the commands of one execution, one by one or all."""

    def __init__(
        self,
        template: Template,
        inputs: Mapping[str, JSON],
        folder: Path,
        deployer: LocalProvider,
        destination: Path | None = None,
    ) -> None:
        self.template = template
        self.inputs = inputs
        self.folder = folder
        self.deployer = deployer
        self.destination = destination
        self.execution_id = str(uuid4())
        self.journal = MemoryJournal()
        self.outputs: dict[str, JSON] = {}
        self.lines: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    async def run(self, command: str, **parameters: JSON) -> dict[str, JSON]:
        """Run a command as the step of the template that names it; given parameters replace its own."""
        step = next((step for step in self.template.steps if step.command == command), None)
        resolved = parameters_of(step, self.template, self.inputs, self.outputs) if step else {}
        context = StepContext(
            execution_id=self.execution_id,
            step_id=str(step.id) if step else f"cleanup:{command}",
            template=self.template,
            inputs=self.inputs,
            parameters={**resolved, **parameters},
            outputs=dict(self.outputs),
            folder=self.folder,
            destination=self.destination,
            log=lambda _level, message: self.lines.append(message),
            journal=self.journal,
            deployer=self.deployer,
        )
        output = await COMMANDS[command](context)
        if step and step.expected_output:
            self.outputs[step.expected_output] = output
        return output

    async def run_all(self) -> None:
        for step in self.template.steps:
            await self.run(step.command)
