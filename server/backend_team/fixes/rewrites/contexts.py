"""`with`: `suppress(…)` for handlers that only pass, and files that close themselves."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

import libcst as cst

from backend_team.fixes.code import NoFix
from backend_team.fixes.fragment import Fragment
from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_LINE: Final = 88  # characters


def with_suppress(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say at the top which exceptions don't matter."""
    place = captures_of(finding.captures)["statement"]
    node = code.node(place, ast.Try)
    kind = node.handlers[0].type
    if kind is None:
        raise NoFix("it does not say which exception")
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    if any(each.lineno != each.end_lineno or isinstance(each, ast.Starred) for each in kinds):
        raise NoFix("the exceptions stand on several lines")
    names = ", ".join(code.of(code.span(each)) for each in kinds)
    head = f"with {code.need('contextlib', 'suppress')}({names})"
    keyword = Span(place.start, place.start + len("try"))
    body = code.span(node.body[-1])
    if code.source.lines.line_of(body.start) == code.source.lines.line_of(place.start):
        raise NoFix("the body stands in the line of `try`")
    if len(code.indentation(place.start)) + len(head) + 1 > _LINE:
        raise NoFix("the line would become too long")
    end = code.line_end(body.end)
    return [Edit(keyword, head), Edit(Span(end, place.end), "")]


def with_file(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Let `with` close the file."""
    places = captures_of(finding.captures)
    if "close" not in places:
        raise NoFix("it can't be seen where the file could be closed")
    home = code.home(places["assignment"])
    fragment = Fragment(code, _holder(code, places))
    opening = fragment.node(places["call"], cst.Call)
    parent = _body_with(fragment, opening)
    lines = [*parent.body]
    first = _index(lines, opening)
    close = first + next(
        number for number, each in enumerate(home.body[home.index :]) if code.span(each) == places["close"]
    )
    start, end = lines[first], lines[close]
    if not isinstance(start, cst.SimpleStatementLine) or not isinstance(end, cst.SimpleStatementLine):
        raise NoFix("the file is opened in an unusual way")
    if len(start.body) != 1 or len(end.body) != 1 or end.trailing_whitespace.comment is not None:
        raise NoFix("more stands in one of the lines")
    assignment = start.body[0]
    if not isinstance(assignment, cst.Assign) or not isinstance(assignment.targets[0].target, cst.Name):
        raise NoFix("the file is opened in an unusual way")
    footer = end.leading_lines if any(line.comment for line in end.leading_lines) else ()
    made = cst.With(
        [cst.WithItem(opening, cst.AsName(assignment.targets[0].target))],
        cst.IndentedBlock(lines[first + 1 : close], header=start.trailing_whitespace, footer=footer),
        leading_lines=start.leading_lines,
    )
    module = fragment.module.deep_replace(parent, parent.with_changes(body=[*lines[:first], made, *lines[close + 1 :]]))
    assert isinstance(module, cst.Module)
    return [fragment.edit(module)]


def _holder(code: Code, places: Mapping[str, Span]) -> ast.stmt:
    """The statement in whose body the file is opened and closed."""
    for statement in code.around(places["assignment"]):
        if code.whole(statement).contains(places["close"]):
            return statement
    raise NoFix("the file is closed in another statement")


def _body_with(fragment: Fragment, opening: cst.Call) -> cst.IndentedBlock:
    node: cst.CSTNode = opening
    while not isinstance(node, cst.IndentedBlock):
        node = fragment.parent(node)
    return node


def _index(lines: Sequence[cst.BaseStatement], opening: cst.Call) -> int:
    for number, line in enumerate(lines):
        statement = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
        if isinstance(statement, cst.Assign) and statement.value is opening:
            return number
    raise NoFix("LibCST sees the place differently")


REWRITES: Final[Mapping[str, Rewrite]] = {"with-file": with_file, "with-suppress": with_suppress}
