"""textDocument/codeLens: above a file and its functions how much was found there, and a click to what can be done."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from backend_team.findings import Safety
from backend_team.lsp import convert, protocol
from backend_team.lsp.code_action import is_fixable
from backend_team.text import Span

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator, Sequence

    from lsprotocol import types

    from backend_team.findings import Finding
    from backend_team.lsp.session import Session
    from backend_team.lsp.snapshot import Snapshot


def code_lens(
    session: Session, params: types.CodeLensParams
) -> list[convert.JSON] | Coroutine[Any, Any, list[convert.JSON]]:
    """The lenses of an open file, none in notebooks; of a large file when it has been analysed."""
    session.shows_lenses = True
    uri = params.text_document.uri
    return _when_analysed(session, uri) if uri in session.analysing else _known(session, uri)


async def _when_analysed(session: Session, uri: str) -> list[convert.JSON]:
    await session.analysed(uri)
    return _known(session, uri)


def _known(session: Session, uri: str) -> list[convert.JSON]:
    if uri not in session.documents:
        return []
    snapshot = session.snapshot(uri)
    findings = sorted(snapshot.report.findings, key=lambda finding: finding.span)
    if not findings or snapshot.table is not None:
        return []
    return [*_of_file(session, snapshot, findings), *_of_functions(session, snapshot, findings)]


def _of_file(session: Session, snapshot: Snapshot, findings: Sequence[Finding]) -> Iterator[convert.JSON]:
    yield _lens(session, snapshot, Span(0, len(snapshot.source.text)), f"{_count(findings)} in this file")
    safe = sum(finding.safety is Safety.SAFE and is_fixable(snapshot, finding) for finding in findings)
    if safe and all(problem.kind != "syntax" for problem in snapshot.report.problems):
        argument = {"uri": snapshot.uri, "version": snapshot.source.version}
        command = {"title": f"Fix {safe} safely", "command": protocol.FIX_FILE, "arguments": [argument]}
        yield {"range": _line(session, snapshot, 0), "command": command}


def _of_functions(session: Session, snapshot: Snapshot, findings: Sequence[Finding]) -> Iterator[convert.JSON]:
    module = session.documents[snapshot.uri].module
    starts = [finding.span.start for finding in findings]
    for function in () if module is None else module.functions():
        inside = findings[bisect_left(starts, function.span.start) : bisect_left(starts, function.span.end)]
        if inside:
            yield _lens(session, snapshot, function.span, _count(inside))


def _lens(session: Session, snapshot: Snapshot, span: Span, title: str) -> convert.JSON:
    """A lens that shows the findings of a place, where the client can do that."""
    shown = convert.range_of(snapshot.source.lines, span, session.client.encoding)
    command: convert.JSON = {"title": title, "command": ""}
    if protocol.CLIENT_SHOW_FINDINGS in session.options.commands:
        start, end = shown["start"], shown["end"]
        place: protocol.Place = {
            "uri": snapshot.uri,
            "line": start["line"],
            "character": start["character"],
            "endLine": end["line"],
            "endCharacter": end["character"],
        }
        command |= {"command": protocol.CLIENT_SHOW_FINDINGS, "arguments": [place]}
    return {"range": _line(session, snapshot, span.start), "command": command}


def _line(session: Session, snapshot: Snapshot, offset: int) -> convert.JSON:
    return convert.range_of(snapshot.source.lines, Span(offset, offset), session.client.encoding)


def _count(findings: Sequence[Finding]) -> str:
    return "1 finding" if len(findings) == 1 else f"{len(findings):,} findings"
