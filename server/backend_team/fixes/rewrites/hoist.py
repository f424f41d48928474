"""Statements that move: out of branches, out of a loop, into branches, two `try` into one, a value into a condition."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, cast

import libcst as cst

from backend_team.fixes.code import NoFix
from backend_team.fixes.fragment import Fragment
from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_LINE: Final = 88  # characters


def return_in_branches(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Return in each branch what it assigned for the `return` below."""
    pairs = [span for name, span in finding.captures if name in {"statement", "value"}]
    edits = []
    for statement, value in zip(pairs[::2], pairs[1::2], strict=True):
        left = code.span(code.node(statement, ast.Assign).targets[0])
        sign = code.text.find("=", left.end, value.start)
        if sign < 0 or "#" in code.text[left.end : sign]:
            raise NoFix("an assignment is written in an unusual way")
        begin = sign + 1
        while code.text[begin] in " \t":
            begin += 1
        edits.append(Edit(Span(statement.start, begin), "return "))
    return sorted([*edits, *_without_end(code, finding, settings)], key=lambda edit: edit.span)


def _without_end(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """The edits that take the `return` away with the empty lines above it."""
    place = captures_of(finding.captures)["return"]
    if code.line_end(place.end) != place.end:
        raise NoFix("a comment stands behind the `return`")
    home = code.home(place)
    above = code.line_end(code.span(home.body[home.index - 1]).end)
    if code.text[above : place.start].strip():
        raise NoFix("a comment stands above the `return`")
    return [Edit(Span(above, place.end), "")]


def end_behind(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Put what all branches end with behind them."""
    place = captures_of(finding.captures)["choice"]
    fragment = Fragment(code, code.node(place, ast.If))
    outer = fragment.node(place, cst.If)
    shortened, last = _shortened(outer)
    parent = fragment.parent(outer)
    if not isinstance(parent, (cst.Module, cst.IndentedBlock)):
        raise NoFix("the `if` stands in no body of its own")
    index = next(number for number, each in enumerate(parent.body) if each is outer)
    changed = parent.with_changes(body=[*parent.body[:index], shortened, last, *parent.body[index + 1 :]])
    module = changed if parent is fragment.module else fragment.module.deep_replace(parent, changed)
    assert isinstance(module, cst.Module)
    return [fragment.edit(module)]


def _shortened(branch: cst.If) -> tuple[cst.If, cst.BaseStatement]:
    """The branches without their last statements, and that of the `else`; raises `NoFix` for comments about them."""
    body, end = _split(branch.body)
    if _has_comment(end):
        raise NoFix("a comment is about the statement in one of the branches")
    otherwise = branch.orelse
    if isinstance(otherwise, cst.If):
        inner, last = _shortened(otherwise)
        return branch.with_changes(body=body, orelse=inner), last
    if otherwise is None:
        raise NoFix("there is no `else`")
    rest, last = _split(otherwise.body)
    return branch.with_changes(body=body, orelse=otherwise.with_changes(body=rest)), last


def _split(body: cst.BaseSuite) -> tuple[cst.BaseSuite, cst.SimpleStatementLine]:
    if not isinstance(body, cst.IndentedBlock) or any(line.comment for line in body.footer):
        raise NoFix("a comment ends one of the branches, or it stands in the line of its condition")
    *rest, last = body.body
    if not isinstance(last, cst.SimpleStatementLine) or len(last.body) != 1 or not rest:
        raise NoFix("the statement shares its line")
    return body.with_changes(body=rest), last


def _has_comment(line: cst.SimpleStatementLine) -> bool:
    return line.trailing_whitespace.comment is not None or any(each.comment for each in line.leading_lines)


def start_above(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Put what both branches begin with above them."""
    place = captures_of(finding.captures)["choice"]
    fragment = Fragment(code, code.node(place, ast.If))
    outer = fragment.node(place, cst.If)
    parent, otherwise = fragment.parent(outer), outer.orelse
    if not isinstance(parent, (cst.Module, cst.IndentedBlock)) or not isinstance(otherwise, cst.Else):
        raise NoFix("the `if` stands in no body of its own")
    body, first = _without_first(outer.body)
    rest, other = _without_first(otherwise.body)
    if other.trailing_whitespace.comment is not None:
        first, other = other, first
    if other.trailing_whitespace.comment is not None:
        raise NoFix("both have a comment")
    index = next(number for number, each in enumerate(parent.body) if each is outer)
    above = first.with_changes(leading_lines=outer.leading_lines)
    left = outer.with_changes(body=body, orelse=otherwise.with_changes(body=rest), leading_lines=())
    changed = parent.with_changes(body=[*parent.body[:index], above, left, *parent.body[index + 1 :]])
    module = changed if parent is fragment.module else fragment.module.deep_replace(parent, changed)
    assert isinstance(module, cst.Module)
    return [fragment.edit(module)]


def _without_first(body: cst.BaseSuite) -> tuple[cst.BaseSuite, cst.SimpleStatementLine]:
    if not isinstance(body, cst.IndentedBlock):
        raise NoFix("a branch stands in the line of its condition")
    first, *rest = body.body
    if not isinstance(first, cst.SimpleStatementLine) or len(first.body) != 1 or not rest:
        raise NoFix("the statement shares its line")
    if any(line.comment for line in first.leading_lines):
        raise NoFix("a comment is about the statement in one of the branches")
    following = cast("cst.SimpleStatementLine", rest[0])
    lines = [*following.leading_lines]
    while lines and lines[0].comment is None:
        del lines[0]
    return body.with_changes(body=[following.with_changes(leading_lines=lines), *rest[1:]]), first


def before_loop(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say before the loop what is the same each time."""
    places = captures_of(finding.captures)
    statement, loop = places["statement"], places["loop"]
    start, end = code.line_start(statement.start), code.next_line(statement.end)
    if code.text[start : statement.start].strip() or _rest(code, statement):
        raise NoFix("other code stands in its line")
    if code.source.lines.line_of(statement.start) != code.source.lines.line_of(statement.end):
        raise NoFix("it stands on several lines")
    before, indentation = code.line_start(loop.start), code.indentation(loop.start)
    while before and code.text[code.line_start(before - 1) : before].startswith(f"{indentation}#"):
        before = code.line_start(before - 1)  # what is said of the loop stays with it
    moved = indentation + code.text[statement.start : end]
    while start and (above := code.text[code.line_start(start - 1) : start].lstrip(" \t")).startswith("#"):
        moved = indentation + above + moved  # a comment goes with what it is about
        start = code.line_start(start - 1)
    return [Edit(Span(before, before), moved), Edit(Span(start, end), "")]


def _rest(code: Code, statement: Span) -> bool:
    rest = code.text[statement.end : code.line_end(statement.end)].strip()
    return bool(rest) and not rest.startswith("#")


def one_try(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Make one `try` of two."""
    places = captures_of(finding.captures)
    fragment = Fragment(code, code.node(places["statement"], ast.Try))
    outer = fragment.node(places["statement"], cst.Try)
    inner = fragment.node(places["inner"], cst.Try)
    body = outer.body
    if not isinstance(body, cst.IndentedBlock) or body.header.comment is not None:
        raise NoFix("a comment stands behind the outer `try`")
    if any(line.comment for line in (*inner.leading_lines, *body.footer)):
        raise NoFix("a comment stands around the inner `try`")
    merged = outer.with_changes(body=inner.body, handlers=inner.handlers, orelse=inner.orelse)
    module = fragment.module.deep_replace(outer, merged)
    assert isinstance(module, cst.Module)
    return [fragment.edit(module)]


def named_in_condition(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Name the value where it is asked about."""
    places = captures_of(finding.captures)
    assignment, name, value = places["assignment"], places["name"], places["value"]
    between = code.text[assignment.end : code.line_end(assignment.end)]
    if between.strip() or code.text[code.line_start(assignment.start) : assignment.start].strip():
        raise NoFix("something else stands in its line")
    written = code.text[code.text.index("=", assignment.start) + 1 : assignment.end].strip()
    if written != code.of(value):
        raise NoFix("the value stands in parentheses")
    named = f"{code.of(name)} := {written}"
    if places["condition"] != name or code.text[name.end] != ":":
        named = f"({named})"
    start = code.line_start(name.start)
    if code.line_end(name.end) - start + len(named) - (name.end - name.start) > _LINE:
        raise NoFix("the line would become too long")
    following = code.line_start(name.start)
    if code.text[code.next_line(assignment.end) : following].strip():
        raise NoFix("a comment stands between them")
    return [Edit(Span(code.line_start(assignment.start), following), ""), Edit(name, named)]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "before-loop": before_loop,
    "end-behind": end_behind,
    "named-in-condition": named_in_condition,
    "one-try": one_try,
    "return-in-branches": return_in_branches,
    "start-above": start_above,
}
