"""textDocument/hover: the rule behind a finding: what is wrong, why, before and after, and what its fix proves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from backend_team.findings import Safety, Withheld
from backend_team.lsp import convert, markup, project_files
from backend_team.lsp.code_action import is_fixable
from backend_team.text import Span

if TYPE_CHECKING:
    from lsprotocol import types

    from backend_team.findings import Finding, Fix
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


async def hover(session: Session, params: types.HoverParams) -> convert.JSON | None:
    """The rules of the findings at a place, the innermost first; None where there is none.

    Of the innermost that has a fix it says what is proved of it, or why it is withheld, when that is known in time.
    """
    uri = params.text_document.uri
    if not session.is_open(uri):
        return project_files.hover(session, params)
    snapshot = session.snapshot(uri)
    (lines, base), encoding = snapshot.part(uri), session.client.encoding
    offset = base + convert.offset(lines, params.position, encoding)
    here = [one for one in snapshot.report.findings if one.span.contains(Span(offset, offset))]
    here.sort(key=lambda one: one.span.end - one.span.start)
    if not here:
        return None
    fixable = next((finding for finding in here if is_fixable(snapshot, finding)), None)
    proof = "" if fixable is None else _proof(await session.proofs.find(session, snapshot, fixable))
    rules = snapshot.folder.rules.by_id
    texts = [_text(rules.get(finding.rule), finding, proof if finding is fixable else "") for finding in here]
    value = "\n\n---\n\n".join(dict.fromkeys(texts))
    shown = markup.contents(session.client, value)
    return {"contents": shown, "range": convert.range_of(lines, here[0].span.shifted(-base), encoding)}


def _proof(found: Fix | Withheld | None) -> str:
    """What is known of the fix of this finding."""
    if isinstance(found, Withheld):
        return f"**Left alone here**: {found.reason}."
    return f"**Proved here**: {' '.join(found.proved)}" if found is not None and found.proved else ""


def _text(rule: Rule | None, finding: Finding, proof: str) -> str:
    if rule is None:
        return finding.message
    parts = [f"**{rule.title}** · `{rule.id}`", rule.why.strip(), SAFETY[finding.safety]]
    if proof:
        parts.append(proof)
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
