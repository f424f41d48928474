"""Quick fixes of rule and settings files: the nearest name there is, in the place of one there isn't."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from backend_team.errors import StaleError
from backend_team.lsp import convert
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lsprotocol import types

    from backend_team.lsp.session import Session
    from backend_team.text import Source

QUICK_FIX: Final = "quickfix"
_NEAREST: Final = re.compile(r'"([^"\n]+)"[^"]*did you mean "([^"\n]+)"\?')


def actions(session: Session, params: types.CodeActionParams) -> list[convert.JSON]:
    """The quick fixes that touch a range; with their edits only for a client that can't resolve them."""
    wanted = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    if wanted and QUICK_FIX not in wanted and "" not in wanted:
        return []
    uri, encoding = params.text_document.uri, session.client.encoding
    source = session.project_files.open.get(uri)
    if source is None:
        return []
    chosen = convert.span(source.lines, params.range, encoding)
    found: list[convert.JSON] = []
    for item, change in _changes(session, uri, source):
        places = [source.lines.offset(one["line"], one["character"], encoding) for one in item["range"].values()]
        if not Span(*places).touches(chosen):
            continue
        action = {
            "title": f'Change to "{change.text}"',
            "kind": QUICK_FIX,
            "diagnostics": [item],
            "isPreferred": True,
        }
        if session.client.resolves_edits:
            data = {"what": "nearest", "uri": uri, "version": source.version}
            found.append(action | {"data": data | {"start": change.span.start, "end": change.span.end}})
        else:
            found.append(action | {"edit": _edit(session, uri, source, change)})
    return found


def edit_for(session: Session, data: dict[str, Any]) -> convert.JSON:
    """The workspace edit of an action's data; raises `StaleError` when the file has changed since."""
    uri, wanted = str(data.get("uri")), (data.get("start"), data.get("end"))
    source = session.project_files.open.get(uri)
    if source is not None and source.version == data.get("version"):
        for _, change in _changes(session, uri, source):
            if tuple(change.span) == wanted:
                return _edit(session, uri, source, change)
    raise StaleError("the file has changed since; nothing was applied", hint="try again")


def _edit(session: Session, uri: str, source: Source, change: Edit) -> convert.JSON:
    edits = convert.text_edits(source.lines, [change], session.client.encoding)
    if not session.client.versioned_edits:
        return {"changes": {uri: edits}}
    return convert.workspace_edit(uri, source.version, edits)


def _changes(session: Session, uri: str, source: Source) -> Iterator[tuple[convert.JSON, Edit]]:
    """What is shown of a file and names the nearest name there is, each with the change to it."""
    encoding = session.client.encoding
    version, shown = session.project_files.shown.get(uri, (None, []))
    if version != source.version:  # what is shown is of another text
        return
    lines = source.lines
    for item in shown:
        names = _NEAREST.search(item["message"])
        start, end = (lines.offset(one["line"], one["character"], encoding) for one in item["range"].values())
        if names is None:
            continue
        at = source.text.find(names[1], start, end)
        if at < 0 or source.text.count(names[1], start, end) > 1:
            continue
        yield item, Edit(Span(at, at + len(names[1])), names[2])
