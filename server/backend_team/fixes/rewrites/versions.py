"""Branches that can't be taken any more: the rest stands on its own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, substitute
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


def taken_branch(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Leave the branch that is taken: captures `statement`, and `true` or `false`."""
    places = captures_of(finding.captures)
    taken = "true" in places
    if isinstance(node := code.node(places["statement"], ast.If, ast.IfExp), ast.IfExp):
        kept = code.span(node.body if taken else node.orelse)
        return [substitute(code, places["statement"], "$kept", {"kept": kept})]
    assert isinstance(node, ast.If)
    place = places["statement"]
    dropped = node.orelse if taken else node.body
    if _yields(dropped) and not _yields(node.body if taken else node.orelse):
        raise NoFix("the function would perhaps be no generator any more")
    if code.of(place).startswith("elif"):
        return [_in_chain(code, node, taken)]
    if taken:
        return [Edit(_lines(code, place), _moved(code, node, node.body))]
    if not node.orelse:
        return [code.removal(place)]
    first = code.whole(node.orelse[0])
    if code.text.startswith("elif", first.start):
        return [Edit(Span(place.start, first.start + len("el")), "")]
    return [Edit(_lines(code, place), _moved(code, node, node.orelse))]


def _in_chain(code: Code, node: ast.If, taken: bool) -> Edit:
    """Of an `elif`: make it the `else`, or take it away."""
    place, test = code.span(node), code.span(node.test)
    if taken:
        end = code.line_end(code.span(node.body[-1]).end)
        header = code.text.index(":", test.end)
        kept = code.text[header:end]
        return Edit(Span(place.start, code.line_end(place.end)), f"else{kept}")
    start = code.line_start(place.start)
    if not node.orelse:
        above = code.line_end(_last_token(code, start))
        return Edit(Span(above, code.line_end(place.end)), "")
    following = code.whole(node.orelse[0])
    if code.text.startswith("elif", following.start):
        return Edit(Span(place.start, following.start), "")
    return Edit(Span(place.start, _otherwise(code, node)), "")


def _last_token(code: Code, start: int) -> int:
    """The end of the code before the start of a line."""
    end = start
    while end and code.text[end - 1] in " \t\r\n":
        end -= 1
    return end


def _otherwise(code: Code, node: ast.If) -> int:
    """Where the `else` of an `if` stands."""
    end, start = code.span(node.body[-1]).end, code.whole(node.orelse[0]).start
    position = end
    while position < start:
        line_end = min(code.line_end(position), start)
        line = code.text[position:line_end]
        plain = line.split("#", 1)[0]
        if "else" in plain:
            return position + plain.index("else")
        position = code.next_line(position)
    raise NoFix("the `else` could not be found")


def _lines(code: Code, place: Span) -> Span:
    """From the statement to the end of its last line."""
    code.indentation(place.start)
    return Span(place.start, code.line_end(place.end))


def _moved(code: Code, node: ast.If, body: list[ast.stmt]) -> str:
    """The text of a body, moved to where the `if` stands."""
    first, last = code.whole(body[0]), code.span(body[-1])
    head = code.span(node.test).end if body is node.body else _otherwise(code, node)
    colon = code.text.index(":", head)
    indentation = code.indentation(code.span(node).start)
    end = code.line_end(last.end)
    if code.line_start(first.start) <= colon:
        return code.text[first.start : end]
    old = code.indentation(first.start)
    start = code.next_line(colon)
    inside = _inside_strings(code, body)
    moved = []
    position = start
    while position < end:
        following = code.next_line(position)
        line = code.text[position : min(following, end)]
        number = code.source.lines.line_of(position)
        if number not in inside and line.startswith(old):
            line = indentation + line[len(old) :]
        elif number not in inside and line.strip():
            line = indentation + line.lstrip(" \t")
        moved.append(line)
        position = following
    return "".join(moved).removeprefix(indentation)


def _inside_strings(code: Code, body: list[ast.stmt]) -> set[int]:
    """The lines, from 0, that begin inside of a text."""
    found: set[int] = set()
    for statement in body:
        for node in ast.walk(statement):
            text = isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
            if (text or isinstance(node, ast.JoinedStr)) and isinstance(node, ast.expr):
                found.update(range(node.lineno, node.end_lineno or node.lineno))
    return found


def _yields(body: list[ast.stmt]) -> bool:
    return any(isinstance(node, (ast.Yield, ast.YieldFrom)) for statement in body for node in ast.walk(statement))


REWRITES: Final[Mapping[str, Rewrite]] = {"taken-branch": taken_branch}
