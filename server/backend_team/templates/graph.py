"""The steps of a manifest as a graph: who depends on whom, and who produces what each `{{…}}` names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from backend_team.templates.commands import COMMANDS
from backend_team.templates.faults import Faults, Field, nearest, quoted
from backend_team.templates.model import JSON, Input, Step
from backend_team.templates.values import MALFORMED, references

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from backend_team.templates.json_text import Steps

TYPES = ("system_call", "ai_call")
DEFAULT_TIMEOUT_MINUTES = 10

_AT: Steps = ("template", "execution_steps")
_NUMBER = (int, float)
_STEP = {
    "step_id": Field((int,), required=True),
    "name": Field((str,), required=True),
    "type": Field((str,), required=True),
    "command": Field((str,)),
    "parameters": Field((dict,)),
    "depends_on": Field((list,)),
    "expected_output": Field((str,)),
    "optional": Field((bool,)),
    "timeout_minutes": Field(_NUMBER),
    "ai_provider": Field((str,)),
    "prompt_template": Field((str,)),
}
_OUTPUT = re.compile(r"[a-z][a-z0-9_]*")


@dataclass
class Graph:
    """The steps in order, and the names their parameters and the outputs may use.

    `names` maps every dotted path to the index of the step that produces it, or None for what is there from the start.
    """

    steps: tuple[Step, ...] = ()
    names: dict[str, int | None] = field(default_factory=dict)
    optional: set[int] = field(default_factory=set)


def check_graph(faults: Faults, value: Sequence[Any], inputs: Sequence[Input], deployment: Mapping[str, JSON]) -> Graph:
    """The graph of a manifest's steps; whatever does not hold together is a fault."""
    rows = [faults.object((*_AT, index), item, _STEP) for index, item in enumerate(value)]
    if not value:
        faults.add(_AT, "a template has at least one step")
    _check_ids(faults, rows)
    graph = Graph(names=_names(faults, rows, inputs, deployment))
    graph.optional = {index for index, row in enumerate(rows) if row.get("optional")}
    edges: dict[int, set[int]] = {}
    for index, row in enumerate(rows):
        _check_command(faults, index, row)
        edges[index] = _declared(faults, index, row, rows) | _implied(faults, index, row, graph)
    order = _ordered(faults, edges, rows)
    if not faults.found:
        graph.steps = tuple(_step(rows, index, edges[index]) for index in order)
    return graph


def check_results(
    faults: Faults,
    graph: Graph,
    outputs: Mapping[str, JSON],
    required: Sequence[str],
    checks: JSON,
) -> None:
    """What an execution results in must have a producer that always runs."""
    for name, value in outputs.items():
        where: Steps = ("template", "outputs", name)
        if name in graph.names:
            faults.add(where, f"{quoted(name)} is the name of an input or of a step's output already", key=True)
        needs_optional = name in required and _check_references(faults, where, value, graph) & graph.optional
        if needs_optional:
            faults.add(where, f"the required output {quoted(name)} comes from an optional step")
        elif name not in required:
            _check_references(faults, where, value, graph)
    produced = {name for name, by in graph.names.items() if by is not None and "." not in name}
    for index, name in enumerate(required):
        if name not in outputs and name not in produced:
            where = ("template", "success_criteria", "required_outputs", index)
            hint = nearest(name, [*outputs, *produced]) or _owner(name, graph) or 'give it a value in "outputs"'
            faults.add(where, f"the required output {quoted(name)} is never produced", hint)
    known = Graph(names={**graph.names, **dict.fromkeys(outputs)}, optional=graph.optional)
    _check_references(faults, ("template", "success_criteria", "health_checks"), checks, known)


def slug(name: str) -> str:
    """A step's name as `depends_on` may write it: "Run Tests" is `run_tests`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _check_ids(faults: Faults, rows: Sequence[Mapping[str, Any]]) -> None:
    for name in ("step_id", "expected_output"):
        seen: set[object] = set()
        for index, row in enumerate(rows):
            if name in row and row[name] in seen:
                faults.add((*_AT, index, name), f"two steps have the {name} {quoted(row[name])}")
            seen.add(row.get(name))


def _names(
    faults: Faults, rows: Sequence[Mapping[str, Any]], inputs: Sequence[Input], deployment: Mapping[str, JSON]
) -> dict[str, int | None]:
    names: dict[str, int | None] = {item.key: None for item in inputs}
    names["deployment_config"] = None
    names |= {f"deployment_config.{key}": None for key in deployment}
    for index, row in enumerate(rows):
        output = row.get("expected_output")
        if output is None:
            continue
        where: Steps = (*_AT, index, "expected_output")
        if not _OUTPUT.fullmatch(output):
            faults.add(where, f"{quoted(output)} can't be the name of an output", "lower-case words joined by _")
        elif names.get(output, index) is None:
            faults.add(where, f"{quoted(output)} is the name of an input already")
        else:
            names[output] = index
            command = COMMANDS.get(row.get("command", ""))
            names |= {f"{output}.{gives}": index for gives in (command.gives if command else ())}
    return names


def _check_command(faults: Faults, index: int, row: Mapping[str, Any]) -> None:
    where: Steps = (*_AT, index)
    kind = row.get("type")
    if kind is None or not faults.choice((*where, "type"), kind, TYPES, "type of step"):
        return
    if kind == "ai_call":
        hint = 'use a step of type "system_call"'
        faults.add((*where, "type"), 'steps of type "ai_call" can\'t run in this version', hint)
        return
    for name in ("ai_provider", "prompt_template"):
        if name in row:
            faults.add((*where, name), f'{quoted(name)} belongs to steps of type "ai_call"', key=True)
    if row.get("timeout_minutes", 1) <= 0:
        faults.add((*where, "timeout_minutes"), "a time-out is longer than 0 minutes")
    if "command" not in row:
        faults.add((*where, "type"), 'a step of type "system_call" has a "command"', f"known: {', '.join(COMMANDS)}")
    elif faults.choice((*where, "command"), row["command"], COMMANDS, "command"):
        known = COMMANDS[row["command"]].parameters
        given = row.get("parameters", {})
        for name in given:
            if name not in known:
                hint = nearest(name, known) or f"it takes: {', '.join(known) or 'none'}"
                message = f"{quoted(row['command'])} has no parameter {quoted(name)}"
                faults.add((*where, "parameters", name), message, hint, key=True)
        for name in [name for name, needed in known.items() if needed and name not in given]:
            faults.add((*where, "command"), f"{quoted(row['command'])} needs the parameter {quoted(name)}")


def _declared(faults: Faults, index: int, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> set[int]:
    found: set[int] = set()
    for at, name in enumerate(row.get("depends_on", [])):
        where: Steps = (*_AT, index, "depends_on", at)
        if not faults.kind(where, name, (str, int)):
            continue
        fits = [other for other, candidate in enumerate(rows) if name in _called(candidate)]
        if len(fits) == 1:
            found.add(fits[0])
        elif fits:
            both = " and ".join(str(rows[other].get("step_id")) for other in fits)
            faults.add(where, f"{quoted(name)} is ambiguous: steps {both}", "name the step by its id")
        else:
            known = [str(called) for candidate in rows for called in _called(candidate)]
            faults.add(where, f"no step is called {quoted(name)} or gives it", nearest(str(name), known))
    return found


def _called(row: Mapping[str, Any]) -> set[str | int]:
    names = {row.get("step_id"), str(row.get("step_id")), row.get("expected_output"), slug(row.get("name", ""))}
    return {name for name in names if name not in (None, "", "None")}


def _implied(faults: Faults, index: int, row: Mapping[str, Any], graph: Graph) -> set[int]:
    where: Steps = (*_AT, index, "parameters")
    producers = _check_references(faults, where, row.get("parameters", {}), graph)
    _check_references(faults, (*_AT, index, "prompt_template"), row.get("prompt_template"), graph)
    if not row.get("optional"):
        for producer in sorted(producers & graph.optional):
            message = f"the step names the output of the optional step {producer + 1}, but always runs"
            faults.add(where, message, 'make it "optional" too', key=True)
    return producers


def _check_references(faults: Faults, steps: Steps, value: JSON, graph: Graph) -> set[int]:
    """The steps that produce what a value names; a name without a producer is a fault."""
    producers: set[int] = set()
    for where, text in _texts(steps, value):
        for match in MALFORMED.finditer(text):
            place = faults.document.inside(where, match[0])
            faults.add_at(place, f"{match[0]!r} names nothing", "write {{name}} or {{name.field}}")
        for path, written in references(text):
            producer, known = _producer(path, graph.names)
            if not known:
                hint = _owner(path, graph) or nearest(path, graph.names)
                faults.add_at(faults.document.inside(where, written), f"nothing produces {quoted(path)}", hint)
            elif producer is not None:
                producers.add(producer)
    return producers


def _producer(path: str, names: Mapping[str, int | None]) -> tuple[int | None, bool]:
    """Who produces a path. Below a known field anything goes: its shape is the command's own."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        if prefix not in names:
            continue
        below = f"{prefix}."
        if length < len(parts) and any(name.startswith(below) for name in names):
            return None, False
        return names[prefix], True
    return None, False


def _owner(path: str, graph: Graph) -> str | None:
    name = path.rpartition(".")[2]
    return next((f"did you mean {quoted(known)}?" for known in graph.names if known.rpartition(".")[2] == name), None)


def _texts(steps: Steps, value: JSON) -> Iterable[tuple[Steps, str]]:
    if isinstance(value, str):
        yield steps, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts((*steps, index), item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts((*steps, key), item)


def _ordered(faults: Faults, edges: Mapping[int, set[int]], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The steps after what they depend on, otherwise in the order they are written."""
    try:
        sorter = TopologicalSorter({index: edges[index] for index in sorted(edges)})
        sorter.prepare()
    except CycleError as error:
        circle = [rows[index].get("name", str(index + 1)) for index in error.args[1]]
        faults.add((*_AT, error.args[1][0], "depends_on"), f"steps wait for each other: {' → '.join(reversed(circle))}")
        return []
    order: list[int] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += ready
        sorter.done(*ready)
    return order


def _step(rows: Sequence[Mapping[str, Any]], index: int, needs: set[int]) -> Step:
    row = rows[index]
    return Step(
        id=row["step_id"],
        name=row["name"],
        command=row["command"],
        parameters=row.get("parameters", {}),
        depends_on=tuple(rows[other]["step_id"] for other in sorted(needs)),
        expected_output=row.get("expected_output"),
        optional=row.get("optional", False),
        timeout_seconds=row.get("timeout_minutes", DEFAULT_TIMEOUT_MINUTES) * 60,
    )
