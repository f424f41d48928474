"""Literals: texts written as bytes, without prefixes and parentheses that say nothing, with escapes that exist."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.invalid_escape import ESCAPE, is_known
from backend_team.fixes.code import NoFix
from backend_team.fixes.rewrites.arguments import method_removal, remove_argument, tokens
from backend_team.fixes.template import captures_of, spaced
from backend_team.parsing import syntax_tree
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_LITERAL: Final = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")(.*)\2", re.DOTALL)


def as_bytes(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Write bytes, or leave the codec out: captures `call`, `text` and perhaps `codec`."""
    places = captures_of(finding.captures)
    if "codec" in places:
        return remove_argument(code, _renamed(finding, "codec", "argument"), settings)
    call = code.node(places["call"], ast.Call)
    given = [*call.args, *_values(call)]
    codec = ast.literal_eval(given[0]) if given else "utf-8"
    removal = method_removal(code, places["text"].end, places["call"].end, "encode")
    return [*bytes_edits(code, places["text"], codec), removal]


def bytes_edits(code: Code, text: Span, codec: str) -> list[Edit]:
    """The edits that make bytes of the text at a place; raises `NoFix` when they would be others."""
    edits = []
    parts = []
    for token, span in tokens(code, *text):
        found = _LITERAL.fullmatch(token)
        if found is None:
            if token.startswith("#"):
                continue
            raise NoFix("the text could not be read")
        prefix = found[1].lower().replace("u", "")
        if re.search(r"(?<!\\)(\\\\)*\\[uUN]", found[3]) and "r" not in prefix:
            raise NoFix("the text has escapes that bytes don't know")
        parts.append(f"b{prefix}{token[len(found[1]) :]}")
        joined = span.start and (code.text[span.start - 1].isalnum() or code.text[span.start - 1] == "_")
        edits.append(Edit(Span(span.start, span.start + len(found[1])), f"{' ' if joined else ''}b{prefix}"))
    if _value("\n".join(parts)) != _value(code.of(text)).encode(codec):
        raise NoFix("the bytes would be others")
    return edits


def _values(call: ast.Call) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords]


def _renamed(finding: Finding, old: str, new: str) -> Finding:
    from dataclasses import replace

    captures = tuple((new if name == old else name, span) for name, span in finding.captures)
    return replace(finding, captures=captures)


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(syntax_tree(f"({text}\n)", mode="eval"))
    except (SyntaxError, ValueError):
        raise NoFix("the text could not be read") from None


def remove_parentheses(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the parentheses around the only argument away: captures `call` and `argument`."""
    places = captures_of(finding.captures)
    start = code.span(code.node(places["call"], ast.Call).func).end
    opened = _places(code, Span(start, places["argument"].start), "(")
    closed = _places(code, Span(places["argument"].end, places["call"].end), ")")
    return [_whole_line(code, place) for place in (*opened[1:], *closed[:-1])]


def _places(code: Code, among: Span, char: str) -> list[Span]:
    return [Span(place, place + 1) for place in range(*among) if code.text[place] == char]


def _whole_line(code: Code, bracket: Span) -> Edit:
    """The edit that takes a bracket away, with the line that has nothing else."""
    start, end = code.line_start(bracket.start), code.line_end(bracket.end)
    if code.text[start:end].strip() == code.of(bracket):
        return Edit(Span(start, code.next_line(bracket.end)), "")
    return Edit(bracket, "")


def without_prefix(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the `u` of a text away."""
    return [spaced(code, Edit(captures_of(finding.captures)["prefix"], ""))]


def raw_or_escaped(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Make the text raw, or double the backslashes that begin no escape: capture `string`."""
    place = captures_of(finding.captures)["string"]
    found = _LITERAL.fullmatch(code.of(place))
    if found is None:
        raise NoFix("the text could not be read")
    prefix, quote, body = found[1], found[2], found[3]
    binary = "b" in prefix.lower()
    if any(is_known(match, binary) for match in ESCAPE.finditer(body)):
        plain = ESCAPE.sub(lambda match: match[0] if is_known(match, binary) else "\\" + match[0], body)
        after = f"{prefix}{quote}{plain}{quote}"
    else:
        after = f"{re.sub('[uU]', '', prefix)}r{quote}{body}{quote}"
    if "f" not in prefix.lower() and _value(after) != _value(code.of(place)):
        raise NoFix("the text would be another one")
    return [spaced(code, Edit(place, after))]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "as-bytes": as_bytes,
    "raw-or-escaped": raw_or_escaped,
    "remove-parentheses": remove_parentheses,
    "without-prefix": without_prefix,
}
