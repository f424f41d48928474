"""Loops that fill or count what a comprehension, or the iterable itself, gives at once."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, spaced, substitute
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_LONGEST: Final = 88
_OPEN: Final = (ast.Lambda, ast.IfExp, ast.Tuple)  # what needs parentheses of its own in a comprehension
_TEXTS: Final = (ast.Constant, ast.JoinedStr)


def fill_at_once(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Make the collection by a comprehension."""
    places = captures_of(finding.captures)
    empty, loop = places["empty"], places["loop"]
    start = code.line_start(empty.start)
    indentation = code.indentation(code.span(code.around(empty)[0]).start)
    inner = f"{code.line_break}{indentation}    "
    texts = {name: _closed(code, place, inner) for name, place in places.items() if name in _PARTS}
    head = f"for {code.of(places['item'])} in {texts['iterable']}"
    if "element" not in texts:
        parts = [f"{texts['key']}: {texts['value']}", head]
    elif "list" in places and "test" not in texts and texts["element"] == code.of(places["item"]):
        return [spaced(code, Edit(empty, f"list({code.of(places['iterable'])})")), code.removal(loop)]
    else:
        parts = [texts["element"], head]
    if "test" in texts:
        parts.append(f"if {texts['test']}")
    opening, closing = ("[", "]") if "list" in places else ("{", "}")
    text = opening + " ".join(parts) + closing
    if empty.start - start + len(text) > _LONGEST or code.line_break in text:
        text = opening + inner + inner.join(parts) + code.line_break + indentation + closing
    return [spaced(code, Edit(empty, text)), code.removal(loop)]


_PARTS: Final = frozenset({"iterable", "test", "element", "key", "value"})


def _closed(code: Code, place: Span, inner: str = "") -> str:
    """The text of an expression, in parentheses where a comprehension wants them.

    `inner` begins the lines of the comprehension: what has several lines keeps the distances between them.
    """
    text = code.of(place)
    node = code.node(place, ast.expr)
    if code.line_break in text:
        if not inner or any(isinstance(part, _TEXTS) and part.lineno != part.end_lineno for part in ast.walk(node)):
            raise NoFix("it stands on several lines")
        first = code.text[code.line_start(place.start) : place.start]
        old = code.line_break + first[: len(first) - len(first.lstrip())]
        text = text.replace(old, inner)
    bare = isinstance(node, _OPEN) and not (isinstance(node, ast.Tuple) and text.startswith("("))
    return f"({text})" if bare else text


def one_of_items(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Ask for the keys, or for the values."""
    places = captures_of(finding.captures)
    method = "keys" if "keys" in places else "values"
    return [Edit(places["target"], code.of(places["wanted"])), Edit(places["method"], method)]


def without_numbers(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Loop over the iterable itself, or over the numbers alone."""
    places = captures_of(finding.captures)
    target = spaced(code, Edit(places["target"], code.of(places["wanted"])))
    if "range" in places:
        return [target, substitute(code, places["call"], "range(len($iterable))", places)]
    iterable = code.of(places["iterable"])
    return [target, spaced(code, Edit(places["call"], iterable))]


def write_lines(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say writelines()."""
    places = captures_of(finding.captures)
    item, text, iterable = code.of(places["item"]), _closed(code, places["text"]), _closed(code, places["iterable"])
    written = code.of(places["iterable"]) if text == item else f"{text} for {item} in {iterable}"
    return [Edit(places["loop"], f"{code.of(places['file'])}.writelines({written})")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "fill-at-once": fill_at_once,
    "one-of-items": one_of_items,
    "without-numbers": without_numbers,
    "write-lines": write_lines,
}
