"""Comprehensions and displays in the place of calls that would make the same, or that need none of it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, spaced
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_BRACKETS: Final = {"list": ("[", "]"), "set": ("{", "}"), "tuple": ("(", ")"), "dict": ("{", "}")}


def comprehension(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Write the comprehension instead of the call around it."""
    places = captures_of(finding.captures)
    target, inner = places["target"], places["inner"]
    if "frozenset" in places:
        _nothing_between(code, target, inner)
        alone = code.text[inner.end : target.end].strip() == ")"
        body = code.text[inner.start + 1 : inner.end - 1]
        return [Edit(inner, body if alone else f"({body})")]
    _nothing_between(code, target, inner)
    if "dict" in places:
        return [Edit(target, f"{{{_with_colon(code, inner, places)}}}")]
    opening, closing = _BRACKETS["list" if "list" in places else "set"]
    return [Edit(target, opening + code.text[inner.start + 1 : inner.end - 1] + closing)]


def _nothing_between(code: Code, target: Span, inner: Span, brackets: str = "([{") -> None:
    """Refuse comments between the call and what is in it, and a bracket that would grow into another."""
    around = code.text[target.start : inner.start] + code.text[inner.end : target.end]
    if "#" in around:
        raise NoFix("a comment stands beside it")
    if brackets and code.text[inner.start] not in brackets:
        raise NoFix("its brackets could not be found")


def _with_colon(code: Code, inner: Span, places: Mapping[str, Span]) -> str:
    pair, key, value = places["pair"], places["key"], places["value"]
    return code.text[inner.start + 1 : pair.start] + _pair(code, pair, key, value) + code.text[pair.end : inner.end - 1]


def _pair(code: Code, pair: Span, key: Span, value: Span) -> str:
    """A pair as an item of a dictionary."""
    between, behind = code.text[key.end : value.start], code.text[value.end : pair.end - 1]
    if "#" in between or "#" in behind or code.text[pair.start] != "(":
        raise NoFix("a comment stands in the pair")
    before = code.text[pair.start + 1 : key.start].lstrip()
    between = ", ".join(part.strip() for part in between.split(",", 1)).replace(", ", ": ", 1)
    behind = behind.replace(",", "", 1).rstrip()
    return f"{before}{code.of(key)}{between}{code.of(value)}{behind}"


def display(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Write the display instead of the call around another."""
    places = captures_of(finding.captures)
    target, inner = places["target"], places["inner"]
    node = code.node(inner, ast.expr)
    _nothing_between(code, target, inner)
    if isinstance(node, ast.Dict):
        return [Edit(target, code.of(inner))]
    assert isinstance(node, (ast.List, ast.Tuple, ast.Set))
    if code.text[inner.end - 1] not in ")]}":
        raise NoFix("its brackets could not be found")
    kind = next(name for name in _BRACKETS if name in places)
    opening, closing = _BRACKETS[kind]
    body = code.text[inner.start + 1 : inner.end - 1]
    if kind == "dict":
        body = _items(code, inner, node.elts)
    elif kind == "tuple" and len(node.elts) == 1 and not body.rstrip().endswith(","):
        if "#" in code.text[code.span(node.elts[0]).end : inner.end]:
            raise NoFix("a comment stands behind the only item")
        body = body.rstrip() + ","
    elif kind != "tuple" and len(node.elts) == 1 and "\n" not in body and "\r" not in body:
        body = body.rstrip().removesuffix(",")
    return [spaced(code, Edit(target, opening + body + closing))]


def _items(code: Code, inner: Span, pairs: list[ast.expr]) -> str:
    text, position = "", inner.start + 1
    for pair in pairs:
        assert isinstance(pair, ast.Tuple)
        place = code.span(pair)
        key, value = map(code.span, pair.elts)
        text += code.text[position : place.start] + _pair(code, place, key, value)
        position = place.end
    return text + code.text[position : inner.end - 1]


def map_to_comprehension(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say with `for` what map() and a lambda say."""
    places = captures_of(finding.captures)
    body, item, iterable = (code.of(places[name]) for name in ("body", "item", "iterable"))
    if isinstance(code.node(places["iterable"], ast.expr), (ast.Lambda, ast.IfExp)):
        iterable = f"({iterable})"
    text = f"{body} for {item} in {iterable}"
    if "list" in places:
        text = f"[{text}]"
    elif "set" in places:
        text = f"{{{text}}}"
    elif "parentheses" in places:
        text = f"({text})"
    if isinstance(code.node(places["body"], ast.expr), ast.Tuple) and not code.of(places["body"]).startswith("("):
        raise NoFix("the tuple has no parentheses")
    return [spaced(code, Edit(places["target"], text))]


def generator(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the brackets of a comprehension away."""
    inner = captures_of(finding.captures)["inner"]
    behind = code.text[inner.end : code.next_line(inner.end)].lstrip()
    body = code.text[inner.start + 1 : inner.end - 1]
    return [Edit(inner, body if behind.startswith(")") else f"({body})")]


def inner_itself(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Leave the call around it out."""
    places = captures_of(finding.captures)
    inner = code.of(places["inner"])
    _nothing_between(code, places["call"], places["inner"], "")
    return [spaced(code, Edit(places["call"], inner))]


def keywords_to_items(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Write the dictionary with its keys as texts."""
    call = captures_of(finding.captures)["call"]
    node = code.node(call, ast.Call)
    start = code.text.index("(", code.span(node.func).end)
    if "#" in code.text[code.span(node.func).end : start]:
        raise NoFix("a comment stands before the parentheses")
    edits = [Edit(Span(call.start, start + 1), "{"), Edit(Span(call.end - 1, call.end), "}")]
    for keyword in node.keywords:
        assert keyword.arg is not None
        begin, value = code.span(keyword).start, code.span(keyword.value).start
        sign = code.text.index("=", begin)
        if code.text[begin:sign].strip() != keyword.arg or "#" in code.text[sign:value]:
            raise NoFix("a comment stands beside a key")
        blanks = len(code.text[sign + 1 : value]) - len(code.text[sign + 1 : value].lstrip(" "))
        edits.append(Edit(Span(begin, sign + 1 + blanks), f'"{keyword.arg}": '))
    return edits


REWRITES: Final[Mapping[str, Rewrite]] = {
    "comprehension": comprehension,
    "display": display,
    "generator": generator,
    "inner-itself": inner_itself,
    "keywords-to-items": keywords_to_items,
    "map-to-comprehension": map_to_comprehension,
}
