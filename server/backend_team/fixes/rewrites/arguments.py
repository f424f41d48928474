"""Calls: one argument less, one by another name, a literal instead of the call."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import TYPE_CHECKING, Final

from backend_team.checks.factory_by_lambda import factory
from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, spaced, substitute
from backend_team.text import Edit, LineIndex, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_SPACE: Final = " \t\x0c\r\n\\"


def tokens(code: Code, start: int, end: int) -> Iterator[tuple[str, Span]]:
    """The tokens between two places inside parentheses, without line ends; comments are among them."""
    text = code.text[start:end]
    shown = text.replace("\r\n", "\n\n").replace("\r", "\n")  # the offsets stay, lines don't matter
    lines = LineIndex(shown)
    try:
        for token in tokenize.generate_tokens(io.StringIO("(" + shown + ")").readline):
            if not token.string.strip():
                continue
            (row, column), (last, until) = token.start, token.end
            begin = lines.starts[row - 1] + column - (1 if row == 1 else 0)
            finish = lines.starts[last - 1] + until - (1 if last == 1 else 0)
            if begin >= 0 and finish <= len(text):
                yield token.string, Span(start + begin, start + finish)
    except (tokenize.TokenError, SyntaxError, IndexError):
        raise NoFix("its parts could not be told apart") from None


def slots(code: Code, opening: int, end: int) -> list[Span]:
    """The items between the bracket at `opening` and its partner before `end`, without the comments beside them."""
    found: list[Span] = []
    depth = 0
    first = last = None
    for token, span in tokens(code, opening + 1, end - 1):
        if token.startswith("#"):
            continue
        if token == "," and not depth:
            if first is not None and last is not None:
                found.append(Span(first, last))
            first = last = None
            continue
        depth += (token in "([{") - (token in ")]}") if len(token) == 1 else 0
        first = span.start if first is None else first
        last = span.end
    if first is not None and last is not None:
        found.append(Span(first, last))
    return found


def opening(code: Code, call: ast.Call) -> int:
    """Where the bracket of a call opens."""
    start, end = code.span(call.func).end, code.span(call).end
    for token, span in tokens(code, start, end):
        if token == "(":
            return span.start
    raise NoFix("the arguments could not be found")


def without(code: Code, begin: int, end: int, gone: Span) -> Edit:
    """The edit that takes the item around a place out of the brackets from `begin` to `end`."""
    items = slots(code, begin, end)
    index = next((number for number, item in enumerate(items) if item.contains(gone)), None)
    if index is None:
        raise NoFix("the argument could not be found")
    if len(items) == 1:
        return Edit(Span(begin + 1, end - 1), "")
    if index:
        return Edit(Span(items[index - 1].end, items[index].end), "")
    return Edit(Span(items[0].start, items[1].start), "")


def method_removal(code: Code, start: int, end: int, name: str) -> Edit:
    """The edit that takes the call of a method away, from the dot to the end of the call."""
    found = re.search(rf"(?:[ \t]|\\\r?\n)*\.[\s\\]*{name}\b", code.text[start:end])
    if found is None:
        raise NoFix(f"{name}() could not be found")
    return Edit(Span(start + found.start(), end), "")


def remove_argument(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take an argument of a call away: captures `call` and `argument`."""
    places = captures_of(finding.captures)
    call = code.node(places["call"], ast.Call)
    return [without(code, opening(code, call), places["call"].end, places["argument"])]


def replace_argument(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Open a file in the mode that is meant, or in the one that is meant anyway: captures `call` and `argument`."""
    places = captures_of(finding.captures)
    mode = ast.literal_eval(code.of(places["argument"]))
    assert isinstance(mode, str)
    binary = "b" in mode
    plain = "".join(each for each in mode if each not in "Ut")
    plain = plain if set(plain) & set("wax") or "r" in plain else "r" + plain
    if plain != "r":
        quote = code.of(places["argument"])[-1]
        return [Edit(places["argument"], f"{quote}{plain}{quote}")]
    assert not binary
    return remove_argument(code, finding, settings)


def text_argument(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `text` for `universal_newlines`."""
    return [Edit(captures_of(finding.captures)["name"], "text")]


def capture_output(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `capture_output=True` for the later of the two pipes, and take the earlier away."""
    places = captures_of(finding.captures)
    call = code.node(places["call"], ast.Call)
    first, last = sorted((places["stdout"], places["stderr"]))
    return [
        without(code, opening(code, call), places["call"].end, first),
        Edit(last, "capture_output=True"),
    ]


_EMPTY: Final = {"str": '""', "bytes": 'b""', "int": "0", "float": "0.0", "bool": "False"}


def the_literal(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Write the literal, without the call around it."""
    places = captures_of(finding.captures)
    place = places["call"]
    if "argument" in places:
        return [substitute(code, place, "$argument", places)]
    return [substitute(code, place, _EMPTY[code.of(places["name"])], places)]


def type_name(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Name the type of a literal."""
    places = captures_of(finding.captures)
    name = type(code.node(places["argument"], ast.Constant).value).__name__
    return [spaced(code, Edit(places["call"], name))]


def plain_factory(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Give the type itself to `defaultdict`, not a function that calls it."""
    place = captures_of(finding.captures)["lambda"]
    name = factory(code.node(place, ast.Lambda).body)
    if name is None:
        raise NoFix("what the function gives could not be read")
    return [Edit(place, name)]


def remove_place(_: Code, finding: Finding, __: Settings) -> list[Edit]:
    """Take away what the finding says: its only capture."""
    ((_name, place),) = finding.captures
    return [Edit(place, "")]


def plain_cache(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `cache` the way the file says `lru_cache`."""
    places = captures_of(finding.captures)
    written = code.of(places["function"])
    if "." in written:
        return [Edit(places["call"], written.rpartition(".")[0] + ".cache")]
    return [Edit(places["call"], code.need("functools", "cache"))]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "capture-output": capture_output,
    "plain-cache": plain_cache,
    "plain-factory": plain_factory,
    "plain-mode": replace_argument,
    "remove-argument": remove_argument,
    "remove-place": remove_place,
    "text-argument": text_argument,
    "the-literal": the_literal,
    "type-name": type_name,
}
