"""Several statements said as one: counters, displays filled afterwards, defaults."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, substitute
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_LINE: Final = 88  # characters
_LOOSE: Final = (ast.Tuple, ast.Yield, ast.YieldFrom, ast.Lambda, ast.Starred, ast.NamedExpr, ast.GeneratorExp)


def enumerated(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Let enumerate() count."""
    places = captures_of(finding.captures)
    item, iterable = places["item"], places["iterable"]
    loop = code.node(places["loop"], ast.For)
    if code.text[iterable.end] != ":" or isinstance(loop.iter, (ast.Tuple, ast.Starred)):
        raise NoFix("the head of the loop is written in an unusual way")
    first = ast.literal_eval(code.of(places["first"])) + ("early" in places)
    counted = f"enumerate({code.of(iterable)}{f', {first}' if first else ''})"
    name = code.of(item)
    if isinstance(loop.target, ast.Tuple) and not name.startswith("("):
        name = f"({name})"
    pair = f"{code.of(places['counter'])}, {name}"
    added = len(pair) + len(counted) - (item.end - item.start) - (iterable.end - iterable.start)
    if code.line_end(iterable.end) - code.line_start(item.start) + added > _LINE:
        raise NoFix("the line would become too long")
    for name in ("start", "step"):
        if code.line_end(places[name].end) != places[name].end:
            raise NoFix("a comment is about the counter")
    edits = [code.removal(places["start"]), Edit(item, pair), Edit(iterable, counted), code.removal(places["step"])]
    return sorted(edits, key=lambda edit: edit.span)


def filled_display(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Write what is put in into the display."""
    places = captures_of(finding.captures)
    display, end = places["display"], places["end"]
    texts = _items(code, finding)
    shown = code.of(display)
    inner = shown[1:-1].strip()
    if "\n" in shown or "\r" in shown:
        return [*_added_lines(code, display, texts), Edit(Span(_end_of(code, display), end.end), "")]
    given = [inner.removesuffix(",").rstrip()] if inner else []
    line = shown[0] + ", ".join([*given, *texts]) + shown[-1]
    start = code.line_start(display.start)
    rest = code.text[display.end : _end_of(code, display)]
    if display.start - start + len(line) + len(rest) > _LINE or len(texts) + bool(given) > 3:
        if given and _has_many(code, display):
            raise NoFix("the display would have to be laid out anew")
        margin = _margin(code, display)
        step = f"{margin}    "
        lines = [shown[0], *(f"{step}{each}," for each in (*given, *texts)), f"{margin}{shown[-1]}"]
        line = code.line_break.join(lines)
    return [Edit(display, line), Edit(Span(_end_of(code, display), end.end), "")]


def _items(code: Code, finding: Finding) -> list[str]:
    texts: list[str] = []
    for name, span in finding.captures:
        if name not in {"key", "value"}:
            continue
        text = code.of(span)
        if name == "value" and isinstance(code.node(span, ast.expr), _LOOSE) and not text.startswith("("):
            text = f"({text})"
        texts.append(
            f"{text}: " if name == "key" else (texts.pop() if texts and texts[-1].endswith(": ") else "") + text
        )
    return texts


def _added_lines(code: Code, display: Span, texts: Sequence[str]) -> list[Edit]:
    """The items as lines of their own before the bracket that ends a display of several lines."""
    close = display.end - 1
    first, last = _first_and_last(code, display)
    margin = code.text[code.line_start(first) : first]
    if margin.strip() or code.text[code.line_start(close) : close].strip():
        raise NoFix("the display is laid out in an unusual way")
    if not re.match(r"\s*,", code.text[last:close]):
        raise NoFix("no comma ends the display")
    at = code.line_start(close)
    return [Edit(Span(at, at), "".join(f"{margin}{each},{code.line_break}" for each in texts))]


def _first_and_last(code: Code, display: Span) -> tuple[int, int]:
    """Where the first item of a display begins, and where the last one ends."""
    node = code.node(display, ast.expr)
    items = node.values if isinstance(node, ast.Dict) else getattr(node, "elts", [])
    keys = node.keys if isinstance(node, ast.Dict) else items
    if not items or keys[0] is None:
        raise NoFix("the display is laid out in an unusual way")
    return code.span(keys[0]).start, code.span(items[-1]).end


def _end_of(code: Code, display: Span) -> int:
    """The end of the line in which the display ends; only a comment may follow it."""
    end = code.line_end(display.end)
    rest = code.text[display.end : end].strip()
    if rest and not rest.startswith("#"):
        raise NoFix("something else stands behind the display")
    return end


def _has_many(code: Code, display: Span) -> bool:
    node = code.node(display, ast.expr)
    return len(node.values if isinstance(node, ast.Dict) else getattr(node, "elts", [])) > 1


def _margin(code: Code, display: Span) -> str:
    line = code.text[code.line_start(display.start) : display.start]
    return line[: len(line) - len(line.lstrip())]


def get_over_default(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Ask the mapping, with the default."""
    places = captures_of(finding.captures)
    default = "" if code.of(places["default"]) == "None" else ", $default"
    asked = substitute(code, places["target"], f"$name = $map.get($key{default})", places)
    statement = places["statement"]
    start = code.line_start(statement.start)
    if code.text[start : statement.start].strip():
        raise NoFix("something else stands in its line")
    return [Edit(Span(start, code.line_start(places["target"].start)), ""), asked]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "enumerated": enumerated,
    "filled-display": filled_display,
    "get-over-default": get_over_default,
}
