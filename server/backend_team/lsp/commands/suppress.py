"""Suppress: a finding in its line, in its file, or in the settings for its file, with the reason that was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from backend_team.errors import BackendTeamError
from backend_team.lsp import resolve
from backend_team.lsp.commands.apply_action import apply
from backend_team.lsp.wire import InvalidParams
from backend_team.text import Span

if TYPE_CHECKING:
    from backend_team.findings import Finding
    from backend_team.lsp import protocol
    from backend_team.lsp.session import Session
    from backend_team.lsp.snapshot import Snapshot

ACTIONS: Final = {"line": "suppress", "file": "suppressInFile", "settings": "leaveOut"}


async def run(session: Session, params: protocol.SuppressParams, _token: str | int | None) -> None:
    """Apply the edit; raises `StaleError` when the document has another version, or the client refuses."""
    what = ACTIONS.get(params["where"])
    if what is None:
        raise InvalidParams(f"{params['where']} is no place to suppress in; there are {', '.join(ACTIONS)}")
    snapshot = session.snapshot(params["uri"])
    snapshot.require(params["version"], params["uri"])
    finding = _finding(session, snapshot, params)
    data: dict[str, Any] = {"what": what, "uri": snapshot.uri, "version": snapshot.source.version}
    data |= {"rule": finding.rule, "start": finding.span.start, "end": finding.span.end}
    data["reason"] = params.get("reason") or ""
    edit = await resolve.edit_for(session, data, asks=False)
    await apply(session, f"Suppress {finding.rule}", edit)


def _finding(session: Session, snapshot: Snapshot, params: protocol.SuppressParams) -> Finding:
    """The innermost finding of the rule that touches the position."""
    lines, base = snapshot.part(params["uri"])
    offset = base + lines.offset(params["line"], params["character"], session.client.encoding)
    here = Span(offset, offset)
    found = [one for one in snapshot.report.findings if one.rule == params["rule"] and one.span.touches(here)]
    if not found:
        raise BackendTeamError(f"there is no finding of {params['rule']} here", hint="put the cursor into one")
    return min(found, key=lambda one: one.span.end - one.span.start)
