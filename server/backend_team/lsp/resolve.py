"""codeAction/resolve: the edit of an action, computed beside the loop and bound to the version it was offered for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from backend_team.errors import StaleError
from backend_team.findings import Safety, Withheld
from backend_team.fixes.suppress import PLACE
from backend_team.lsp import caution, convert, disable_rule, jobs, nearest, notebooks
from backend_team.lsp.code_action import IMPORTS
from backend_team.lsp.wire import InvalidParams, ToldError

if TYPE_CHECKING:
    from lsprotocol import types

    from backend_team.findings import Finding, Fix
    from backend_team.fixes.fix import FixAll
    from backend_team.lsp.session import Session
    from backend_team.lsp.snapshot import Snapshot
    from backend_team.text import Edit

Result = TypeVar("Result")


async def resolve(session: Session, params: types.CodeAction) -> convert.JSON:
    """The action with its edit; raises `StaleError` for an old version, `ToldError` when the fix is withheld."""
    action: convert.JSON = {"title": params.title, "kind": str(getattr(params.kind, "value", params.kind))}
    if params.is_preferred is not None:
        action["isPreferred"] = params.is_preferred
    if params.command is not None:  # complete as it is, yet some clients ask for every action without an edit
        command = params.command
        return {
            **action,
            "command": {"title": command.title, "command": command.command, "arguments": command.arguments},
        }
    if not isinstance(params.data, dict):
        raise InvalidParams("this action was not made here")
    return {**action, "data": params.data, "edit": await edit_for(session, params.data)}


async def edit_for(session: Session, data: dict[str, Any], *, asks: bool = True) -> convert.JSON:
    """The workspace edit of an action's data; with `asks` a reason that is missing is asked for in the text."""
    if data.get("what") == "nearest":
        return nearest.edit_for(session, data)
    snapshot = session.snapshot(str(data.get("uri")))
    snapshot.require(data.get("version"))
    note: tuple[str, str] | None = None
    match data.get("what"):
        case "fix":
            fixed = await _fix(session, snapshot, _finding(snapshot, data))
            edits, note = fixed.edits, (fixed.title, " ".join(fixed.proved))
        case "fixAll" if data.get("automatic") is True:
            edits = (await _fix_on_save(session, snapshot, None)).edits
        case "fixAll":
            edits = (await fix_file(session, snapshot)).edits
        case "fixRule":
            finding = _finding(snapshot, data)
            edits = (await _fix_all(session, snapshot, frozenset({finding.rule}), Safety.REVIEW)).edits
        case "organize":
            rules = frozenset(rule.id for rule in snapshot.folder.rules if rule.category == IMPORTS)
            fix = _fix_on_save if data.get("automatic") is True else _fix_all
            edits = (await fix(session, snapshot, rules)).edits
        case "suppress" | "suppressInFile" as what:
            return await _suppress(session, snapshot, data, whole=what == "suppressInFile", asks=asks)
        case "leaveOut":
            return await disable_rule.leave_out(session, snapshot, _finding(snapshot, data).rule, _reason(data))
        case "disable":
            return await disable_rule.edit(session, snapshot, _finding(snapshot, data).rule)
        case other:
            raise InvalidParams(f"unknown action {other!r}")
    session.snapshot(snapshot.uri).require(snapshot.source.version)
    return workspace_edit(session, snapshot, edits, note)


def workspace_edit(
    session: Session, snapshot: Snapshot, edits: tuple[Edit, ...], note: tuple[str, str] | None = None
) -> convert.JSON:
    """Edits of a snapshot as the client takes them; raises `ToldError` where a notebook can't be changed so."""
    client = session.client
    if snapshot.table is not None:
        noted = note if client.annotated_edits else None
        return _told(session, notebooks.workspace_edit(snapshot.table, edits, client, noted))
    changes = convert.text_edits(snapshot.source.lines, edits, client.encoding)
    if not client.versioned_edits:
        return {"changes": {snapshot.uri: changes}}
    noted = note if client.annotated_edits else None
    return convert.workspace_edit(snapshot.uri, snapshot.source.version, changes, noted)


async def fix_file(session: Session, snapshot: Snapshot) -> FixAll:
    """All safe fixes of a snapshot."""
    return await _fix_all(session, snapshot)


async def _fix_all(
    session: Session, snapshot: Snapshot, only: frozenset[str] | None = None, safety: Safety = Safety.SAFE
) -> FixAll:
    """The fixes of a snapshot, of some rules only when they are named."""
    judge, source = jobs.judge_by(snapshot.folder, snapshot.settings), jobs.plain(snapshot.source)
    return await session.workers.soon(jobs.fix_file, judge, source, only, safety)


async def _fix_on_save(session: Session, snapshot: Snapshot, only: frozenset[str] | None) -> FixAll:
    """The safe fixes of a snapshot that nobody asked for: what was just typed keeps its names."""
    judge, source = jobs.judge_by(snapshot.folder, snapshot.settings), jobs.plain(snapshot.source)
    return await session.workers.soon(caution.fix_on_save, judge, source, only)


async def _fix(session: Session, snapshot: Snapshot, finding: Finding) -> Fix:
    judge, source = jobs.judge_by(snapshot.folder, snapshot.settings), jobs.plain(snapshot.source)
    found = await session.workers.soon(jobs.fix_one, judge, source, finding)
    return _told(session, found)


async def _suppress(
    session: Session, snapshot: Snapshot, data: dict[str, Any], *, whole: bool, asks: bool
) -> convert.JSON:
    """The comment with the reason that was given, or with a place for one where the client can show it."""
    reason, finding = _reason(data), _finding(snapshot, data)
    asks = asks and session.client.takes_snippets and not reason
    source = jobs.plain(snapshot.source)
    found = await session.workers.soon(jobs.suppress, source, finding, whole, PLACE if asks else reason)
    edits = _told(session, found)
    session.snapshot(snapshot.uri).require(snapshot.source.version)
    if not asks or not any(PLACE in edit.text for edit in edits):
        return workspace_edit(session, snapshot, edits)
    changes = convert.snippet_edits(snapshot.source.lines, edits, session.client.encoding, PLACE)
    return convert.workspace_edit(snapshot.uri, snapshot.source.version, changes)


def _reason(data: dict[str, Any]) -> str:
    reason = data.get("reason", "")
    if not isinstance(reason, str):
        raise InvalidParams("reason has a wrong type")
    return reason


def _told(session: Session, found: Result | Withheld) -> Result:
    """What was found, unless it was withheld: then the person is told why."""
    if isinstance(found, Withheld):
        reason = f"{found.rule} was left alone: {found.reason}"
        session.wire.show(reason, session.wire.WARNING)
        raise ToldError(reason)
    return found


def _finding(snapshot: Snapshot, data: dict[str, Any]) -> Finding:
    wanted = (data.get("rule"), data.get("start"), data.get("end"))
    for finding in snapshot.report.findings:
        if (finding.rule, *finding.span) == wanted:
            return finding
    raise StaleError("this finding is gone; nothing was applied")
