"""Quick fixes of rule and settings files: the nearest name there is, in the place of one there isn't."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from backend_team.lsp import convert
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lsprotocol import types

    from backend_team.lsp.session import Session

QUICK_FIX: Final = "quickfix"
_NEAREST: Final = re.compile(r'"([^"\n]+)"[^"]*did you mean "([^"\n]+)"\?')


def actions(session: Session, params: types.CodeActionParams) -> list[convert.JSON]:
    """The quick fixes that touch a range, with their edits: they cost nothing."""
    wanted = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    if wanted and QUICK_FIX not in wanted and "" not in wanted:
        return []
    return list(_actions(session, params))


def _actions(session: Session, params: types.CodeActionParams) -> Iterator[convert.JSON]:
    uri, encoding = params.text_document.uri, session.client.encoding
    source = session.project_files.open.get(uri)
    version, shown = session.project_files.shown.get(uri, (None, []))
    if source is None or version != source.version:  # what is shown is of another text
        return
    lines = source.lines
    chosen = convert.span(lines, params.range, encoding)
    for item in shown:
        names = _NEAREST.search(item["message"])
        start, end = (lines.offset(one["line"], one["character"], encoding) for one in item["range"].values())
        if names is None or not Span(start, end).touches(chosen):
            continue
        at = source.text.find(names[1], start, end)
        if at < 0 or source.text.count(names[1], start, end) > 1:
            continue
        edits = convert.text_edits(lines, [Edit(Span(at, at + len(names[1])), names[2])], encoding)
        versioned = session.client.versioned_edits
        yield {
            "title": f'Change to "{names[2]}"',
            "kind": QUICK_FIX,
            "diagnostics": [item],
            "isPreferred": True,
            "edit": convert.workspace_edit(uri, version, edits) if versioned else {"changes": {uri: edits}},
        }
