"""workspace/configuration: the editor's settings, asked for folder by folder, and again whenever they change.

Nothing waits for the answers: until they come, and with a client that never answers, what is known already holds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from lsprotocol import types

from backend_team.errors import BackendTeamError
from backend_team.lsp import background, settings_change, status
from backend_team.lsp.person import SECTION, checked
from backend_team.settings import DEFAULT, Resolver
from backend_team.settings.extending import on_top

if TYPE_CHECKING:
    from backend_team.lsp.convert import JSON
    from backend_team.lsp.session import Session

WATCHED: Final = (
    "**/*.{py,pyi,pyw}",
    "**/{pyproject,backend-team,ruff,.ruff}.toml",
    "**/.gitignore",
    "**/.backend-team/rules/**",
)


def start(session: Session) -> None:
    """Ask for the settings, and to be told when they or files change."""
    ask(session)
    registrations = _registrations(session)
    if registrations:
        session.wire.later(_register(session, registrations), "registering for changes")


def did_change_configuration(session: Session, params: types.DidChangeConfigurationParams) -> None:
    """Take what the client sent, and ask for what it did not."""
    settings: Any = params.settings
    if isinstance(settings, dict):
        settings_change.take(session, settings.get(SECTION, settings), "pushed")
        session.wire.later(apply(session), "judging by other settings")
    ask(session)


def ask(session: Session) -> None:
    """Ask for the settings of all folders; the answer to an earlier question is not waited for any more."""
    person = session.person
    if session.client.configures:
        if person.asking is not None:
            person.asking.cancel()
        person.asking = session.wire.later(_ask(session), "asking for settings")


async def _ask(session: Session) -> None:
    if session.wire.is_shut_down:
        return
    uris = list(session.folders)
    items = [{"section": SECTION}, *({"scopeUri": uri, "section": SECTION} for uri in uris)]
    try:
        answers: Any = await session.wire.ask(types.WORKSPACE_CONFIGURATION, {"items": items})
    except BackendTeamError:  # refused
        return
    if not isinstance(answers, list) or len(answers) != len(items):
        return
    settings_change.take(session, answers[0], "asked")  # AI is the person's own: no folder has a say in it
    for uri, answer in zip(uris, answers[1:], strict=True):
        if isinstance(answer, dict):
            session.person.folders[uri] = answer.get("lint")
        else:  # nothing is set there
            session.person.folders.pop(uri, None)
    await apply(session)


async def apply(session: Session) -> None:
    """Judge by what the editor says now where that is something else."""
    person = session.person
    changed = [uri for uri in session.folders if person.applied.get(uri) != person.lint(uri)]
    outside = person.applied.get(None) != person.lint(None)
    if not changed and not outside:
        return
    if outside:
        take_outside(session)
    for uri in changed:
        if uri in session.folders:
            await session.reload(uri)
    await session.judge_again()
    if changed:
        await background.check_workspace(session)
    status.changed(session)


def take_outside(session: Session) -> None:
    """Judge files of no folder by what the editor says for all."""
    person, outside = session.person, session.outside
    person.applied[None] = lint = person.lint(None)
    values, wrong = checked(lint, outside.rules.names)
    session.outside = replace(outside, settings=on_top(DEFAULT, values), resolver=Resolver(below=values))
    person.tell(session.wire, wrong)


def _registrations(session: Session) -> list[JSON]:
    found: list[JSON] = []
    if session.client.registers_configuration:
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        found.append({"id": "backend-team-settings", "method": method, "registerOptions": {"section": SECTION}})
    if session.client.watches_files:
        watchers = [{"globPattern": pattern} for pattern in WATCHED]
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        found.append({"id": "backend-team-files", "method": method, "registerOptions": {"watchers": watchers}})
    return found


async def _register(session: Session, registrations: list[JSON]) -> None:
    if session.wire.is_shut_down:
        return
    try:
        await session.wire.ask(types.CLIENT_REGISTER_CAPABILITY, {"registrations": registrations})
    except BackendTeamError:  # refused: our own watcher and what is pushed remain
        return
