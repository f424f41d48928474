"""One execution as it runs: its steps, the check of its success, clean-up and the end. Durable through `engine`."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx

from backend_team.errors import BackendTeamError, TemplateError
from backend_team.hosted.steps import StepContext
from backend_team.hosted.store import executions
from backend_team.hosted.store.journal import StoredJournal
from backend_team.hosted.store.tables import Deployment, TemplateExecution
from backend_team.templates.values import parameters_of, resolve, scope_of, skipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.hosted.events import EventLog
    from backend_team.hosted.providers.local import LocalProvider
    from backend_team.hosted.steps import StepFunction
    from backend_team.hosted.store.database import Database
    from backend_team.templates.model import JSON, Step, Template

logger = logging.getLogger(__name__)

CHECK_SECONDS: Final = 10.0  # how long an address of the success criteria may take
CLEANUP_SECONDS: Final = 120.0

FAILED: Final = "failed"
CANCELLED: Final = "cancelled"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What executions run with: the store, the commands, the catalogue, the provider and the folder for their work."""

    database: Database
    events: EventLog
    commands: Mapping[str, StepFunction]
    templates: Mapping[str, Template]
    deployer: LocalProvider
    folder: Path


class Run:
    """One execution in this process.

    Every method that changes something may be called again after a crash in the middle of it: what is done stays done.
    """

    def __init__(self, workshop: Workshop, execution: TemplateExecution, template: Template | None) -> None:
        self._workshop = workshop
        self._template = template
        self.id = execution.id
        self._inputs: Mapping[str, JSON] = execution.execution_config
        self._destination = execution.destination
        self._deployment_id = execution.deployment_id
        self._version = execution.template_version
        self._template_id = execution.template_id
        self.cancelled = asyncio.Event()
        if execution.cancel_requested:
            self.cancelled.set()

    @classmethod
    async def open(cls, workshop: Workshop, execution_id: str) -> Run | None:
        """The run of an execution in the store, moved to running when it was queued; None when it is over."""
        async with workshop.database.read() as session:
            execution = await session.get_one(TemplateExecution, execution_id)
        if execution.status not in executions.ACTIVE:
            return None
        run = cls(workshop, execution, workshop.templates.get(execution.template_id))
        if execution.status == "queued":
            async with workshop.events.change(execution_id) as session:
                await executions.start(session, execution_id)
        else:
            run.say(None, "info", "resumed after an interruption")
        return run

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps in declared order; none when the template is no longer the one the run was made for."""
        return () if self.fault or self._template is None else self._template.steps

    @property
    def fault(self) -> str | None:
        """Why the run can't go on at all, or None."""
        if self._template is None:
            return f'the template "{self._template_id}" is no longer in the catalogue'
        if self._template.version != self._version:
            return f"the template changed from {self._version} to {self._template.version} during the run; run it again"
        return None

    def say(self, step: Step | None, level: str, message: str) -> None:
        """Note a line in the run's log."""
        self._workshop.events.log(self.id, step.name if step else None, level, message)

    async def run_step(self, step: Step) -> str | None:
        """Run a step to its end: None, or the message of its failure. What has completed before is not run again."""
        assert self._template is not None
        step_id = str(step.id)
        if reason := skipped(step, self._template, self._inputs):
            self.say(step, "info", f"skipped: {reason}")
            async with self._workshop.events.change(self.id) as session:
                await executions.end_step(session, self.id, step_id, "skipped", message=reason)
            return None
        async with self._workshop.events.change(self.id) as session:
            if not await executions.begin_step(session, self.id, step_id):
                return None
        before = await self._outputs()
        try:
            parameters = parameters_of(step, self._template, self._inputs, before)
            output = await self._command(step.command, step, parameters, before, step.timeout_seconds)
        except TimeoutError:
            return await self._step_failed(step, f"took longer than {step.timeout_seconds:g} s")
        except BackendTeamError as error:
            return await self._step_failed(step, error.render())
        except Exception as error:
            logger.exception("execution %s, step %s", self.id, step.name)
            return await self._step_failed(step, f"{type(error).__name__}: {error}")
        digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode()).hexdigest()
        async with self._workshop.events.change(self.id) as session:
            await executions.end_step(session, self.id, step_id, "completed", output=output, input_hash=digest)
        return None

    async def check_success(self) -> str | None:
        """Whether what the template promises is there: None, or what is missing."""
        assert self._template is not None
        result = await self._result()
        for name in self._template.required_outputs:
            if result.get(name) in (None, ""):
                return f'the required output "{name}" was not produced'
        scope = {**scope_of(self._template, self._inputs, await self._outputs()), **result}
        async with httpx.AsyncClient(timeout=CHECK_SECONDS, follow_redirects=False, trust_env=False) as client:
            for check in self._template.health_checks:
                url = str(resolve(check.url, scope))
                try:
                    status = (await client.get(url)).status_code
                except (httpx.HTTPError, httpx.InvalidURL) as error:
                    return f"{url} does not answer: {error or type(error).__name__}"
                if status != check.expected_status:
                    return f"{url} answers {status}, not {check.expected_status}"
                self.say(None, "info", f"{url} answers {status}")
        return None

    async def clean_up(self) -> None:
        """Take back what the run created: every clean-up of the template is tried, whatever the others do."""
        async with self._workshop.events.change(self.id) as session:
            await executions.end_other_steps(session, self.id)
        before = await self._outputs() if self._template else {}
        for name in self._template.cleanup if self._template else ():
            try:
                await self._command(name, None, {}, before, CLEANUP_SECONDS)
            except Exception as error:
                reason = error.render() if isinstance(error, BackendTeamError) else f"{type(error).__name__}: {error}"
                logger.warning("execution %s, clean-up %s: %s", self.id, name, reason)
                self.say(None, "error", f"clean-up {name}: {reason}")
        for entry in await StoredJournal(self._workshop.database, self.id).entries():
            self.say(None, "warning", f"left behind: {entry.kind} {entry.name}")

    async def complete(self) -> None:
        """End the run as completed: result, charge and last event in one transaction."""
        result = await self._result()
        async with self._workshop.events.change(self.id, end=True) as session:
            await executions.complete(session, self.id, result)

    async def abandon(self, status: str, message: str) -> None:
        """End the run as failed or cancelled, uncharged."""
        self.say(None, "error" if status == FAILED else "warning", message)
        async with self._workshop.events.change(self.id, end=True) as session:
            await executions.end_other_steps(session, self.id)
            await executions.abandon(session, self.id, status, message)

    async def _command(
        self,
        command: str,
        step: Step | None,
        parameters: Mapping[str, JSON],
        outputs: Mapping[str, JSON],
        seconds: float,
    ) -> dict[str, JSON]:
        assert self._template is not None
        function = self._workshop.commands.get(command)
        if function is None:
            known = ", ".join(sorted(self._workshop.commands))
            raise TemplateError(f'there is no command "{command}"', hint=f"known here: {known}")
        folder = self._workshop.folder / self.id
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        context = StepContext(
            execution_id=self.id,
            step_id=str(step.id) if step else f"cleanup:{command}",
            template=self._template,
            inputs=self._inputs,
            parameters=parameters,
            outputs=outputs,
            folder=folder,
            destination=Path(self._destination) if self._destination else None,
            log=lambda level, message: self.say(step, level, message),
            journal=StoredJournal(self._workshop.database, self.id),
            deployer=self._workshop.deployer,
        )
        async with asyncio.timeout(seconds):
            output = await function(context)
        json.dumps(output)  # an output that can't be kept is the command's fault, here and now
        return output

    async def _step_failed(self, step: Step, message: str) -> str:
        self.say(step, "warning" if step.optional else "error", message)
        async with self._workshop.events.change(self.id) as session:
            await executions.end_step(session, self.id, str(step.id), FAILED, message=message)
        return message

    async def _outputs(self) -> dict[str, JSON]:
        """The outputs of completed steps by the names the template gives them."""
        assert self._template is not None
        async with self._workshop.database.read() as session:
            kept = await executions.outputs(session, self.id)
        return {
            step.expected_output: dict(kept[str(step.id)])
            for step in self._template.steps
            if step.expected_output and str(step.id) in kept
        }

    async def _result(self) -> dict[str, Any]:
        """What the run gives: the outputs the template declares, and where they are."""
        assert self._template is not None
        outputs = await self._outputs()
        async with self._workshop.database.read() as session:
            deployed = await session.get(Deployment, self._deployment_id)
        result: dict[str, Any] = {
            "app_url": deployed.app_url if deployed else None,
            "deployment_id": deployed.id if deployed else None,
            "destination": self._destination,
        }
        result |= {name: outputs[name] for name in self._template.required_outputs if name in outputs}
        scope = scope_of(self._template, self._inputs, outputs)
        for name, value in self._template.outputs.items():
            try:
                result[name] = resolve(value, scope)
            except TemplateError:
                result[name] = None  # the output of an optional step that was skipped or failed
        return result
