"""textDocument/hover: the rule behind a finding: what is wrong, why, before and after, and what its fix proves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.findings import Safety
from backend_team.lsp import convert, project_files
from backend_team.text import Span

if TYPE_CHECKING:
    from lsprotocol import types

    from backend_team.findings import Finding
    from backend_team.lsp.session import Session
    from backend_team.rules.model import Rule

SAFETY: Final = {
    Safety.SAFE: (
        "**Safe to fix**: offered only when the result parses, keeps every comment, ends this finding "
        "and brings no other of its rule."
    ),
    Safety.REVIEW: "**Fix to be reviewed**: it may change what the code does; it is never applied in bulk.",
    Safety.NONE: "No automatic fix.",
}


def hover(session: Session, params: types.HoverParams) -> convert.JSON | None:
    """The rules of the findings at a place, the innermost first; None where there is none."""
    uri = params.text_document.uri
    if uri not in session.documents:
        return project_files.hover(session, params)
    snapshot = session.snapshot(uri)
    lines, encoding = snapshot.source.lines, session.client.encoding
    offset = convert.offset(lines, params.position, encoding)
    here = [one for one in snapshot.report.findings if one.span.contains(Span(offset, offset))]
    here.sort(key=lambda one: one.span.end - one.span.start)
    if not here:
        return None
    texts = [_text(snapshot.folder.rules.by_id.get(finding.rule), finding) for finding in here]
    value = "\n\n---\n\n".join(dict.fromkeys(texts))
    return {"contents": {"kind": "markdown", "value": value}, "range": convert.range_of(lines, here[0].span, encoding)}


def _text(rule: Rule | None, finding: Finding) -> str:
    if rule is None:
        return finding.message
    parts = [f"**{rule.title}** · `{rule.id}`", rule.why.strip(), SAFETY[finding.safety]]
    example = next((one for one in rule.examples if one.before is not None), None)
    if example is not None and example.before is not None:
        parts.append(_code(example.before, "Before" if example.after is not None else ""))
        if example.after is not None:
            parts.append(_code(example.after, "After"))
    if rule.equivalents:
        parts.append(f"Elsewhere: {', '.join(rule.equivalents)}")
    return "\n\n".join(parts)


def _code(text: str, label: str) -> str:
    fence = "````" if "```" in text else "```"
    return f"{label}\n{fence}python\n{text.rstrip()}\n{fence}".lstrip()
