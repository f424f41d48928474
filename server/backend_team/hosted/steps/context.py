"""What a command is given: its step, the resolved parameters, a folder to work in, the journal and the provider.

Commands may be cancelled at any await and are run at least once: each looks for what it would create before it does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from backend_team.errors import StepError

if TYPE_CHECKING:
    from pathlib import Path

    from backend_team.hosted.providers.local import LocalProvider
    from backend_team.templates.model import JSON, Template


class JournalEntry(Protocol):
    """Something outside the working folder; `done` False: it was about to be created, so it may or may not exist."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def done(self) -> bool: ...
    @property
    def reference(self) -> Mapping[str, Any]: ...


class Journal(Protocol):
    """What an execution creates outside, written before and after; clean-up reads it."""

    async def intend(self, kind: str, name: str) -> None:
        """Write that something is about to be created."""

    async def done(self, kind: str, name: str, reference: Mapping[str, Any]) -> None:
        """Write that it exists, and how it is found."""

    async def forget(self, kind: str, name: str) -> None:
        """Write that it is gone again."""

    async def entries(self) -> Sequence[JournalEntry]:
        """What may exist, oldest first."""


@dataclass(frozen=True, slots=True)
class StepContext:
    """One step of one execution.

    `inputs` are validated, `parameters` resolved; `outputs` holds the results of completed steps by `expected_output`.
    `folder` is this execution's own; `destination` is where the person wants the files, if anywhere.
    """

    execution_id: str
    step_id: str
    template: Template
    inputs: Mapping[str, JSON]
    parameters: Mapping[str, JSON]
    outputs: Mapping[str, JSON]
    folder: Path
    destination: Path | None
    log: Callable[[str, str], None]
    journal: Journal
    deployer: LocalProvider

    def text(self, name: str, default: str | None = None) -> str:
        """A parameter that must be a text. Raises `StepError`."""
        value = self.parameters.get(name)
        value = default if value is None else value
        if not isinstance(value, str):
            raise StepError(f'the parameter "{name}" must be a text', hint=f"it is {value!r}")
        return value


StepFunction = Callable[[StepContext], Awaitable[dict[str, "JSON"]]]
