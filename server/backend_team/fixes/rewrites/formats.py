"""Texts with places in them: from `%` and format() to f-strings, or to format() where that is all that can be."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from backend_team.checks.format_fields import Field, braces, is_writable, literal, percents, steps
from backend_team.checks.meaning import is_simple
from backend_team.fixes.code import NoFix
from backend_team.fixes.rewrites.arguments import method_removal, tokens
from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings

    Reader = Callable[[str, bool], list[str | Field] | None]

_F_STRINGS: Final = (3, 6)


@dataclass(frozen=True, slots=True)
class _Token:
    """A literal of a text: where it stands, its prefix, quote and parts."""

    span: Span
    prefix: str
    quote: str
    parts: list[str | Field]

    @property
    def filled(self) -> bool:
        """Whether it has places."""
        return any(isinstance(part, Field) for part in self.parts)


def f_string(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Write the arguments of format() where they belong: captures `call` and `text`."""
    places = captures_of(finding.captures)
    call = code.node(places["call"], ast.Call)
    values = {str(index): argument for index, argument in enumerate(call.args)}
    values |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
    whole = any(keyword.arg is None for keyword in call.keywords)
    texts = {name: code.of(code.span(value)) for name, value in values.items()}
    found = _tokens(code, places["text"], braces)
    edits = _written(found, None if whole else texts, values)
    return [*edits, method_removal(code, places["text"].end, places["call"].end, "format")]


def unnumbered(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the numbers of the fields away: captures `call` and `text`."""
    edits = []
    for token in _tokens(code, captures_of(finding.captures)["text"], braces):
        if token.filled:
            parts = [
                f"{{{part.name.lstrip('0123456789')}{part.shown}}}" if isinstance(part, Field) else part
                for part in token.parts
            ]
            edits.append(Edit(token.span, f"{token.prefix}{token.quote}{''.join(parts)}{token.quote}"))
    return edits


def from_percent(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Write the values where they belong, or give them to format(): captures `expression`, `text`, `values`."""
    places = captures_of(finding.captures)
    node = code.node(places["expression"], ast.BinOp)
    values = _values(node.right)
    found = _tokens(code, places["text"], percents)
    if settings.target_version >= _F_STRINGS and found and all(map(is_writable, values.values())) and values:
        try:
            texts = {name: code.of(code.span(value)) for name, value in values.items()}
            edits = _written(found, texts, values)
        except NoFix:
            pass
        else:
            between = _operator(code, places)
            end = code.span(node).end
            return [*edits, Edit(Span(between.start, end), "")]
    return _given_to_format(code, node, found, _operator(code, places))


def _values(node: ast.expr) -> dict[str, ast.expr]:
    if isinstance(node, ast.Tuple):
        return {str(index): value for index, value in enumerate(node.elts)}
    if isinstance(node, ast.Dict):
        return {ast.literal_eval(key): value for key, value in zip(node.keys, node.values, strict=True) if key}
    return {"0": node}


def _operator(code: Code, places: Mapping[str, Span]) -> Span:
    """The `%` and the blanks around it."""
    between = code.text[places["text"].end : places["values"].start]
    sign = re.search(r"[ \t\r\n\\]*%[ \t\r\n\\]*", between)
    if sign is None or "#" in between:
        raise NoFix("a comment stands beside the `%`")
    start = places["text"].end
    return Span(start + sign.start(), start + sign.end())


def _given_to_format(code: Code, node: ast.BinOp, found: list[_Token], operator: Span) -> list[Edit]:
    edits = []
    for token in found:
        parts = [f"{{{part.name}{part.shown}}}" if isinstance(part, Field) else part for part in token.parts]
        edits.append(Edit(token.span, f"{token.prefix}{token.quote}{''.join(parts)}{token.quote}"))
    right = code.span(node.right)
    if isinstance(node.right, ast.Tuple):
        if code.text[right.start] != "(":
            raise NoFix("the values could not be found")
        if len(node.right.elts) == 1 and (last := re.search(r",[ \t]*\)$", code.of(right))):
            edits.append(Edit(Span(right.start + last.start(), right.end), ")"))
        return [*edits, Edit(operator, ".format")]
    if isinstance(node.right, ast.Dict):
        if operator.end != right.start:
            raise NoFix("the dictionary stands in parentheses")
        edits += [Edit(operator, ".format"), Edit(Span(right.start, right.start + 1), "(")]
        for key in node.right.keys:
            assert isinstance(key, ast.Constant)
            name = str(key.value)
            end = code.span(key).end
            colon = code.text.index(":", end)
            if code.text[end:colon].strip(" )"):
                raise NoFix("a comment stands in the dictionary")
            while code.text[colon + 1] in " \t":
                colon += 1
            edits.append(Edit(Span(code.span(key).start, colon + 1), f"{name}="))
        return [*edits, Edit(Span(right.end - 1, right.end), ")")]
    given = code.of(Span(operator.end, code.span(node).end))
    return [*edits, Edit(Span(operator.start, code.span(node).end), f".format({given})")]


def _tokens(code: Code, place: Span, reader: Reader) -> list[_Token]:
    found = []
    for token, span in tokens(code, *place):
        if token.startswith("#"):
            continue
        said = literal(token)
        if said is None:
            raise NoFix("the text could not be read")
        prefix, quote, body = said
        parts = reader(body, "r" in prefix.lower())
        if parts is None:
            raise NoFix("a place in the text could not be read")
        found.append(_Token(span, prefix, quote, parts))
    return found


def _written(found: list[_Token], texts: Mapping[str, str] | None, values: Mapping[str, ast.expr]) -> list[Edit]:
    """The literals with the values in them; `texts` None means each field names what it shows."""
    numbers = iter(range(len(values) + 1))
    used: list[str] = []
    edits = []
    for token in found:
        if token.filled:
            body = ""
            for part in token.parts:
                body += part if isinstance(part, str) else _field(part, token, texts, values, numbers, used)
            prefix = "f" + token.prefix.lower().replace("u", "")
        else:  # stays what it is, but for `{{` and `%%`
            body = "".join(map(str, token.parts)).replace("{{", "{").replace("}}", "}")
            prefix = token.prefix
        edits.append(Edit(token.span, f"{prefix}{token.quote}{body}{token.quote}"))
    if texts is not None:
        if set(used) != set(values):
            raise NoFix("not all of the values are shown")
        if used != list(values) and not all(map(is_simple, values.values())):
            raise NoFix("the values would be worked out in another order")
    return edits


def _field(
    part: Field,
    token: _Token,
    texts: Mapping[str, str] | None,
    values: Mapping[str, ast.expr],
    numbers: Any,
    used: list[str],
) -> str:
    said = steps(part.name)
    if said is None:
        raise NoFix("a place in the text could not be read")
    name = said[0] or str(next(numbers))
    if texts is None:
        expression = name
    else:
        if name not in texts:
            raise NoFix("a value is missing")
        used.append(name)
        expression = _requoted(texts[name], token.quote)
        if said[1] and not isinstance(values[name], (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            expression = f"({expression})"
    other = "'" if token.quote[0] == '"' else '"'
    for kind, step in said[1]:
        if kind == "attribute":
            expression += f".{step}"
        else:
            expression += f"[{step}]" if step.isdecimal() else f"[{other}{step}{other}]"
    spec = part.spec
    if "{" in spec:
        inner = braces(spec, True)
        if inner is None:
            raise NoFix("a place in the text could not be read")
        spec = "".join(
            each if isinstance(each, str) else _field(each, token, texts, values, numbers, used) for each in inner
        )
    shown = Field("", part.conversion, spec).shown
    return f"{{{expression}{shown}}}"


def _requoted(text: str, quote: str) -> str:
    """The expression with the other quotes, where those of the text around would end it."""
    if "\n" in text or "\r" in text or "\\" in text or "#" in text:
        raise NoFix("an argument can't stand in an f-string as it is written")
    char = quote[0]
    if char not in text:
        return text
    other = "'" if char == '"' else '"'
    if other in text:
        raise NoFix("an argument has both kinds of quotes")
    return text.replace(char, other)


REWRITES: Final[Mapping[str, Rewrite]] = {
    "f-string": f_string,
    "from-percent": from_percent,
    "unnumbered": unnumbered,
}
