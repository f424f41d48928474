"""`run_tests`: the gate. The application's own tests run in an environment of theirs; a failure ends the execution."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from backend_team.errors import StepError
from backend_team.hosted.providers.commands import clean_environment, run
from backend_team.hosted.providers.environment import prepare
from backend_team.hosted.steps import snapshot

if TYPE_CHECKING:
    from backend_team.hosted.steps.context import StepContext
    from backend_team.templates.model import JSON

COMMAND = "python -m pytest -q --color=no -p no:cacheprovider"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
TAIL_LINES = 40

_PASSED = re.compile(r"(\d+) passed")


async def run_tests(context: StepContext) -> dict[str, JSON]:
    """Run the tests of the snapshot in a copy of it, their lines into the log.

    Raises `StepError` with the end of their output when they fail.
    """
    folder = Path(context.text("snapshot"))
    await asyncio.to_thread(snapshot.verify, folder, context.text("digest"))
    for left in context.folder.glob("tests-*"):  # by an attempt that was killed
        await asyncio.to_thread(shutil.rmtree, left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="tests-", dir=context.folder))
    try:
        application = work / "application"
        await asyncio.to_thread(snapshot.copy, folder, application)
        requirements = [application / name for name in REQUIREMENTS if (application / name).is_file()]
        python = await prepare(work / "environment", requirements, context.log)
        return await _run(context, shlex.split(context.text("command", COMMAND)), python, application)
    finally:
        await asyncio.shield(asyncio.to_thread(shutil.rmtree, work, ignore_errors=True))


async def _run(context: StepContext, command: list[str], python: Path, application: Path) -> dict[str, JSON]:
    lines: list[str] = []

    def note(line: str) -> None:
        if line.strip():
            lines.append(line)
            context.log("info", line)

    home = application.parent / "home"
    home.mkdir()
    environment = clean_environment(
        PATH=f"{python.parent}:/usr/local/bin:/usr/bin:/bin",
        HOME=str(home),
        PYTHONDONTWRITEBYTECODE="1",
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",  # a borrowed environment may hold plugins that are not the application's
        VIRTUAL_ENV=str(python.parent.parent),
    )
    if command[0] == "python":
        command = [str(python), *command[1:]]
    began = time.monotonic()
    status = await run(command, application, environment, note)
    tail = "\n".join(lines[-TAIL_LINES:])
    if status:
        raise StepError(f"the tests of the application fail (status {status}):\n{tail}")
    passed = _PASSED.search(lines[-1]) if lines else None
    if passed is None or passed[1] == "0":
        raise StepError(f"the tests of the application say nothing: none has passed:\n{tail}")
    return {"passed": int(passed[1]), "summary": lines[-1].strip("= "), "seconds": round(time.monotonic() - began, 2)}
