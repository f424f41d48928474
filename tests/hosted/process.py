"""The API's process with commands and templates for tests: the same `main`, given other ones. Run as a script.

Commands work in the folder that the input `folder` names: each run of a step adds a line to `runs`, `wait` waits for a
file, `create` makes one and writes it to the journal, `fail` fails. Tests read and write these files.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.errors import StepError
from backend_team.hosted.__main__ import main
from backend_team.templates.model import HealthCheck, Input, Step, Template

if TYPE_CHECKING:
    from backend_team.hosted.steps import StepContext
    from backend_team.templates.model import JSON


def folder_of(context: StepContext) -> Path:
    return Path(str(context.inputs["folder"]))


def note(context: StepContext, what: str) -> None:
    with (folder_of(context) / "runs").open("a") as file:
        file.write(f"{what} {context.step_id} {os.getpid()}\n")


async def run(context: StepContext) -> dict[str, JSON]:
    note(context, "run")
    context.log("info", f"step {context.step_id} runs")
    return {"text": f"{context.parameters.get('text', '')}!", "number": len(context.outputs)}


async def wait(context: StepContext) -> dict[str, JSON]:
    note(context, "run")
    try:
        while not (folder_of(context) / str(context.parameters["file"])).exists():
            context.log("debug", "waiting")
            await asyncio.sleep(0.05)
    except asyncio.CancelledError:
        note(context, "stopped")
        raise
    note(context, "waited")
    return {"text": "waited"}


async def create(context: StepContext) -> dict[str, JSON]:
    note(context, "run")
    file = folder_of(context) / f"created-{context.execution_id}"
    await context.journal.intend("file", str(file))
    file.touch()
    await context.journal.done("file", str(file), {"made_by": context.step_id})
    return {"path": str(file)}


async def fail(context: StepContext) -> dict[str, JSON]:
    note(context, "run")
    raise StepError("it can't be done", hint="try something else")


async def crash(context: StepContext) -> dict[str, JSON]:
    raise ZeroDivisionError("a fault of the command")


async def uncreate(context: StepContext) -> dict[str, JSON]:
    for entry in await context.journal.entries():
        Path(entry.name).unlink(missing_ok=True)
        await context.journal.forget(entry.kind, entry.name)
        context.log("info", f"removed {entry.name}")
    return {}


def step(
    number: int, command: str, *needs: int, optional: bool = False, seconds: float = 30, **parameters: str
) -> Step:
    return Step(number, f"Step {number}", command, parameters, needs, f"out_{number}", optional, seconds)


def template(name: str, *steps: Step, outputs: dict[str, JSON] | None = None, checks: tuple[str, ...] = ()) -> Template:
    results: dict[str, JSON] = {"answer": "{{out_1.text}}"} if outputs is None else outputs
    return Template(
        id=name,
        name=name.title(),
        version="1.0.0",
        description=f"The template {name}",
        author="tests",
        category="tools" if name == "chain" else "saas",
        tags=(),
        complexity="beginner" if name == "chain" else "advanced",
        estimated_time_minutes=1.5,
        estimated_cost=(0.0, 2.0 if name == "chain" else 9.0),
        inputs=(
            Input("folder", "string", "Folder"),
            Input("text", "string", "Text", optional=True),
            Input("port", "integer", "Port", default=1),
        ),
        deployment={"provider": "local"},
        layers=(),
        steps=steps,
        outputs=results,
        required_outputs=tuple(results),
        health_checks=tuple(HealthCheck(url) for url in checks),
        cleanup=("uncreate",),
        folder=Path(),
    )


TEMPLATES = {
    made.id: made
    for made in (
        template("chain", step(1, "run", text="hello"), step(2, "run", 1, text="{{out_1.text}}")),
        # 1 → (2 waits, 3) → 4
        template(
            "diamond",
            step(1, "create"),
            step(2, "wait", 1, file="go"),
            step(3, "run", 1, text="three"),
            step(4, "run", 2, 3, text="{{out_2.text}} {{out_3.text}}"),
            outputs={"answer": "{{out_4.text}}"},
        ),
        # 1 → (2 fails, 3 waits) → 4
        template(
            "failing",
            step(1, "create"),
            step(2, "fail", 1),
            step(3, "wait", 1, file="never"),
            step(4, "run", 2, 3),
            outputs={},
        ),
        template("crashing", step(1, "crash"), outputs={}),
        template("late", step(1, "wait", file="never", seconds=0.3), outputs={}),
        template(
            "optional",
            step(1, "run", text="one"),
            step(2, "fail", 1, optional=True),
            step(3, "run", 1, optional=True, text="{{text}}"),
            step(4, "run", 2, 3, text="four"),
        ),
        template("unhealthy", step(1, "create"), outputs={}, checks=("http://127.0.0.1:{{port}}/health",)),
        template("promising", step(1, "create"), outputs={"answer": "{{text}}"}),
    )
}
COMMANDS = {
    "run": run,
    "wait": wait,
    "create": create,
    "fail": fail,
    "crash": crash,
    "uncreate": uncreate,
}

if __name__ == "__main__":
    sys.exit(main(None, COMMANDS, TEMPLATES))
