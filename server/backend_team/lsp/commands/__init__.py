"""workspace/executeCommand: every command of `protocol.py` in a module of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from backend_team.lsp import protocol
from backend_team.lsp.commands import (
    analysis,
    apply_action,
    check_workspace,
    deployments,
    fix_file,
    fix_workspace,
    list_cleanup,
    list_rules,
    new_rule,
    run_template,
    show_usage,
    suggest,
    suppress,
    templates,
    write_baseline,
)
from backend_team.lsp.wire import InvalidParams

if TYPE_CHECKING:
    from lsprotocol import types

    from backend_team.lsp.session import Session

Run = Callable[["Session", Any, "str | int | None"], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Command:
    """What runs, and the keys with their types that its one argument must have; a list holds strings."""

    run: Run
    needs: tuple[tuple[str, type], ...] = ()
    takes: tuple[tuple[str, type], ...] = ()  # keys that may be missing


_PLACE: Final = (("uri", str), ("version", int), ("line", int), ("character", int))
_RUN: Final = (("template", str), ("configuration", dict))

COMMANDS: Final[dict[str, Command]] = {
    protocol.CHECK_WORKSPACE: Command(check_workspace.run),
    protocol.FIX_FILE: Command(fix_file.run, (("uri", str), ("version", int))),
    protocol.FIX_WORKSPACE: Command(
        fix_workspace.run, takes=(("rule", str), ("rules", list), ("category", str), ("folder", str))
    ),
    protocol.WRITE_BASELINE: Command(write_baseline.run, takes=(("folder", str),)),
    protocol.RESTART_ANALYSIS: Command(analysis.restart),
    protocol.NEW_RULE: Command(
        new_rule.run,
        (*_PLACE, ("endLine", int), ("endCharacter", int)),
        (("id", str), ("category", str), ("metavariables", bool)),
    ),
    protocol.LIST_CLEANUP: Command(list_cleanup.run, (("view", str),), (("parent", str),)),
    protocol.LIST_RULES: Command(list_rules.run),
    protocol.SUPPRESS: Command(suppress.run, (*_PLACE, ("rule", str), ("where", str)), (("reason", str),)),
    protocol.SHOW_STATUS: Command(analysis.show_status),
    protocol.SHOW_RULE: Command(analysis.show_rule, (("rule", str),)),
    protocol.APPLY_ACTION: Command(apply_action.run, (("what", str), ("uri", str), ("version", int))),
    protocol.PREPARE_SUGGESTION: Command(suggest.prepare, _PLACE),
    protocol.SUGGEST_REFACTORING: Command(suggest.suggest, _PLACE),
    protocol.ACCEPT_SUGGESTION: Command(suggest.accept, (("id", str),)),
    protocol.LIST_TEMPLATES: Command(templates.list_templates),
    protocol.PLAN_TEMPLATE: Command(templates.plan_template, _RUN),
    protocol.RUN_TEMPLATE: Command(run_template.run, _RUN),
    protocol.LIST_DEPLOYMENTS: Command(deployments.list_deployments),
    protocol.REMOVE_DEPLOYMENT: Command(deployments.remove_deployment, (("id", str),)),
    protocol.SHOW_USAGE: Command(show_usage.run),
}


async def execute(session: Session, params: types.ExecuteCommandParams) -> Any:
    """Run one command with its one argument."""
    command = COMMANDS.get(params.command)
    if command is None:
        raise InvalidParams(f"unknown command {params.command}")
    argument = (params.arguments or [{}])[0]
    if not isinstance(argument, dict):
        raise InvalidParams(f"{params.command} takes one object")
    for key, kind in command.needs:
        if not _fits(argument.get(key), kind):
            raise InvalidParams(f"{params.command}: {key} is missing or has a wrong type")
    for key, kind in command.takes:
        if argument.get(key) is not None and not _fits(argument[key], kind):
            raise InvalidParams(f"{params.command}: {key} has a wrong type")
    return await command.run(session, argument, params.work_done_token)


def _fits(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not (isinstance(value, list) and any(not isinstance(one, str) for one in value))
