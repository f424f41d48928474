"""What the language or its standard library has a word for: removeprefix(), hashes, swaps, captures of a `case`."""

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


def remove_affix(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say removeprefix() or removesuffix()."""
    places = captures_of(finding.captures)
    call = f"$text.remove{'prefix' if 'prefix' in places else 'suffix'}($part)"
    if "expression" in places:
        return [substitute(code, places["expression"], call, places)]
    return [substitute(code, places["statement"], f"$text = {call}", places)]


def feed_at_once(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Give the data to the hash itself."""
    places = captures_of(finding.captures)
    call, update = places["call"], places["update"]
    if code.text[call.end - 1] != ")" or "#" in code.text[code.line_end(call.end) : code.line_start(update.start)]:
        raise NoFix("a comment stands between the two")
    head = code.of(call)[: code.of(call).rindex("(") + 1]
    return [Edit(call, f"{head}{code.of(places['data'])})"), code.removal(update)]


def swap(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Let the two change places in one statement."""
    places = captures_of(finding.captures)
    first, third = places["first"], places["third"]
    if "#" in code.text[first.start : third.start]:
        raise NoFix("a comment stands between the statements")
    left, right = code.of(places["left"]), code.of(places["right"])
    return [Edit(Span(first.start, third.end), f"{left}, {right} = {right}, {left}")]


def merge_declarations(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Name all in the first `global` or `nonlocal`."""
    first = captures_of(finding.captures)["first"]
    others = [span for name, span in finding.captures if name == "again"]
    names: list[str] = []
    for span in (first, *others):
        node = code.node(span, ast.stmt)
        assert isinstance(node, (ast.Global, ast.Nonlocal))
        names += [name for name in node.names if name not in names]
    word = "global" if isinstance(node, ast.Global) else "nonlocal"
    return [Edit(first, f"{word} {', '.join(names)}"), *map(code.removal, others)]


def capture_inside(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the value by a pattern inside the parentheses."""
    places = captures_of(finding.captures)
    text = code.of(places["pattern"])
    name = text.rsplit(None, 1)[-1]
    if "#" in text or "\\" in text:
        raise NoFix("more stands in the pattern")
    return [Edit(places["pattern"], f"{code.of(places['type'])}({name})")]


def decimal_argument(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Give Decimal() the number itself, or the text."""
    places = captures_of(finding.captures)
    argument = places["argument"]
    if "text" in places:
        return [Edit(argument, code.of(places["text"]))]
    node = code.node(argument, ast.Constant)
    return [Edit(argument, str(int(str(node.value))))]


def function_itself(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Give the function instead of a lambda around it."""
    places = captures_of(finding.captures)
    function = code.of(places["function"]) if "function" in places else "list" if "list" in places else "dict"
    return [spaced(code, Edit(places["lambda"], function))]


def truth_of_collection(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Ask the collection itself."""
    places = captures_of(finding.captures)
    return [substitute(code, places["target"], "not $value" if "empty" in places else "$value", places)]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "capture-inside": capture_inside,
    "decimal-argument": decimal_argument,
    "feed-at-once": feed_at_once,
    "function-itself": function_itself,
    "merge-declarations": merge_declarations,
    "remove-affix": remove_affix,
    "swap": swap,
    "truth-of-collection": truth_of_collection,
}
