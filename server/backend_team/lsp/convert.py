"""Protocol to offsets and back: the only place that knows both. Workers use it too, so it loads no protocol types."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from pygls import uris

from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lsprotocol import types

    from backend_team.text import Encoding, LineIndex

JSON = dict[str, Any]

SEVERITY: Final = {"error": 1, "warning": 2, "information": 3, "hint": 4}
TAG: Final = {"unnecessary": 1, "deprecated": 2}


def path_of(uri: str) -> Path | None:
    """The file of a URI; None for what is no file."""
    if not uri.startswith("file:"):
        return None
    found = uris.to_fs_path(uri)
    return Path(found) if found else None


def uri_of(path: Path | str) -> str:
    """The URI of a file, written as VS Code writes it."""
    return uris.from_fs_path(str(path)) or Path(path).as_uri()


def position(lines: LineIndex, offset: int, encoding: Encoding) -> JSON:
    """The position of an offset."""
    line, character = lines.position(offset, encoding)
    return {"line": line, "character": character}


def range_of(lines: LineIndex, span: Span, encoding: Encoding) -> JSON:
    """The range of a span."""
    return {"start": position(lines, span.start, encoding), "end": position(lines, span.end, encoding)}


def offset(lines: LineIndex, place: types.Position, encoding: Encoding) -> int:
    """The offset of a position, clamped to the text."""
    return lines.offset(place.line, place.character, encoding)


def span(lines: LineIndex, place: types.Range, encoding: Encoding) -> Span:
    """The span of a range, clamped to the text; a range that ends before it starts is empty."""
    start = offset(lines, place.start, encoding)
    return Span(start, max(start, offset(lines, place.end, encoding)))


def change(event: types.TextDocumentContentChangeEvent, encoding: Encoding) -> Callable[[LineIndex], Edit]:
    """A change as an edit of the text it was made for."""

    def edit(lines: LineIndex) -> Edit:
        place = getattr(event, "range", None)
        whole = Span(0, len(lines.text))
        return Edit(whole if place is None else span(lines, place, encoding), event.text)

    return edit


def text_edits(lines: LineIndex, edits: Iterable[Edit], encoding: Encoding) -> list[JSON]:
    """Edits as the protocol's."""
    return [{"range": range_of(lines, edit.span, encoding), "newText": edit.text} for edit in edits]


def snippet_edits(lines: LineIndex, edits: Iterable[Edit], encoding: Encoding, place: str) -> list[JSON]:
    """Edits as snippets: the last `place` of each text is to be written over."""
    found: list[JSON] = []
    for edit in edits:
        before, there, after = edit.text.rpartition(place)
        middle = f"${{1:{place}}}" if there else ""
        value = f"{_escaped(before)}{middle}{_escaped(after)}"
        snippet = {"kind": "snippet", "value": value}
        found.append({"range": range_of(lines, edit.span, encoding), "snippet": snippet})
    return found


def _escaped(text: str) -> str:
    return re.sub(r"([\\$}])", r"\\\1", text)


def workspace_edit(uri: str, version: int | None, edits: list[JSON], note: tuple[str, str] | None = None) -> JSON:
    """An edit of one document, bound to its version; a note says what it does and what was proved."""
    if note is None:
        return {"documentChanges": [{"textDocument": {"uri": uri, "version": version}, "edits": edits}]}
    noted = [edit | {"annotationId": "fix"} for edit in edits]
    return {
        "documentChanges": [{"textDocument": {"uri": uri, "version": version}, "edits": noted}],
        "changeAnnotations": {"fix": {"label": note[0], "description": note[1]}},
    }


def workspace_edits(edits: list[tuple[str, int | None, list[JSON]]], note: tuple[str, str] | None) -> JSON:
    """An edit of several documents, each bound to its version (None: a closed file); with a note it is confirmed."""
    changes: list[JSON] = []
    for uri, version, some in edits:
        noted = some if note is None else [edit | {"annotationId": "fix"} for edit in some]
        changes.append({"textDocument": {"uri": uri, "version": version}, "edits": noted})
    if note is None:
        return {"documentChanges": changes}
    annotation = {"label": note[0], "description": note[1], "needsConfirmation": True}
    return {"documentChanges": changes, "changeAnnotations": {"fix": annotation}}


def encoding_of(kind: types.PositionEncodingKind | str | None) -> Literal["utf-8", "utf-16", "utf-32"]:
    """The name of a negotiated encoding; UTF-16 when none was."""
    name = str(getattr(kind, "value", kind))
    return name if name in ("utf-8", "utf-32") else "utf-16"  # type: ignore[return-value]
