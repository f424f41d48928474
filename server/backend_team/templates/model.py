"""A template as it was checked: plain frozen data. Made by `manifest`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]

InputType = Literal["string", "integer", "number", "boolean", "array"]


@dataclass(frozen=True, slots=True)
class Input:
    """One thing a person is asked before a template runs.

    `pattern` is an expression that JavaScript's `RegExp` and Rust's `regex` read alike; `rule` says the same in words.
    """

    key: str
    type: InputType
    label: str
    description: str = ""
    optional: bool = False
    options: tuple[str, ...] = ()
    default: JSON = None
    pattern: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """A folder of files that are generated, always or only when an option of an input is chosen."""

    folder: str
    when: tuple[str, str] | None = None  # input, option


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an execution.

    `depends_on` holds ids of steps: those declared, and those whose output the parameters name.
    """

    id: int
    name: str
    command: str
    parameters: Mapping[str, JSON]
    depends_on: tuple[int, ...]
    expected_output: str | None
    optional: bool
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """An address that must answer with a status; the address may name outputs."""

    url: str
    expected_status: int = 200


@dataclass(frozen=True, slots=True)
class Template:
    """A template: what it asks, what it generates, the graph of its steps, and when it succeeded.

    `steps` are in an order that respects their dependencies. `outputs` names the results of an execution, each with
    the value that produces it. A template comes out of `manifest.load_template` only without faults.
    """

    id: str
    name: str
    version: str
    description: str
    author: str
    category: str
    tags: tuple[str, ...]
    complexity: str
    estimated_time_minutes: float
    estimated_cost: tuple[float, float]
    inputs: tuple[Input, ...]
    deployment: Mapping[str, JSON]
    layers: tuple[Layer, ...]
    steps: tuple[Step, ...]
    outputs: Mapping[str, JSON]
    required_outputs: tuple[str, ...]
    health_checks: tuple[HealthCheck, ...]
    cleanup: tuple[str, ...]
    folder: Path

    def step(self, step_id: int) -> Step:
        """The step of an id. Raises `KeyError`."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)
