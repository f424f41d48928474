"""Names and lists of names: an underscore for what is not used, `__all__` in order."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

import libcst as cst

from backend_team.checks.import_order import member
from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings

_CONVERSIONS: Final = {None: "%s", "s": "%s", "r": "%r", "a": "%a"}


def underscore_name(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Begin the name with an underscore."""
    start = captures_of(finding.captures)["name"].start
    return [Edit(Span(start, start), "_")]


def sort_all(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Put the names in order, each with the comment behind it."""
    place = captures_of(finding.captures)["names"]
    node = code.node(place, ast.expr)
    assert isinstance(node, ast.List | ast.Tuple)
    spans = [code.span(item) for item in node.elts]
    names = [str(item.value) for item in node.elts if isinstance(item, ast.Constant)]
    order = sorted(range(len(names)), key=lambda index: member((names[index], "")))
    if "#" not in code.of(Span(spans[0].start, place.end)) or not any(
        "#" in code.text[span.end : code.line_end(span.end)] for span in spans
    ):
        return [Edit(span, code.of(spans[index])) for span, index in zip(spans, order, strict=True)]
    rows = [_row(code, span) for span in spans]
    first, last = code.line_start(spans[0].start), code.next_line(spans[-1].end)
    if "".join(text for _, text in rows) != code.text[first:last]:
        raise NoFix("the names share lines")
    return [Edit(Span(first, last), "".join(rows[index][0] for index in order))]


def _row(code: Code, span: Span) -> tuple[str, str]:
    """The line of a name with its comma, and as it is."""
    start, end = code.line_start(span.start), code.next_line(span.end)
    behind = code.text[span.end : end]
    if not re.fullmatch(r"[ \t]*,?[ \t]*(#[^\r\n]*)?\s*", behind):
        raise NoFix("the names share lines")
    comma = behind if behind.lstrip().startswith(",") else "," + behind
    return code.text[start : span.end] + comma, code.text[start:end]


def lazy_log_message(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Give the message as a format and what it shows as values."""
    place = captures_of(finding.captures)["message"]
    try:
        string = cst.parse_expression(code.of(place))
    except cst.ParserSyntaxError:
        raise NoFix("the string could not be read") from None
    if not isinstance(string, cst.FormattedString):
        raise NoFix("the message consists of several strings")
    texts, values = [], []
    for part in string.parts:
        if isinstance(part, cst.FormattedStringText):
            texts.append(part.value.replace("{{", "{").replace("}}", "}").replace("%", "%%"))
            continue
        if not isinstance(part, cst.FormattedStringExpression) or part.equal or part.format_spec:
            raise NoFix("a value is formatted in a way of its own")
        texts.append(_CONVERSIONS[part.conversion])
        value = cst.Module([]).code_for_node(part.expression)
        values.append(f"({value})" if isinstance(part.expression, (cst.Tuple, cst.Yield, cst.GeneratorExp)) else value)
    start = string.start.replace("f", "").replace("F", "")
    message = start + "".join(texts) + string.end
    return [Edit(place, ", ".join([message, *values]))]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "lazy-log-message": lazy_log_message,
    "sort-all": sort_all,
    "underscore-name": underscore_name,
}
