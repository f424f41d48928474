"""Two that are one: handlers with one body, `if` with one condition; and what stands behind a mapping for nothing."""

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


def one_handler(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Name both kinds of exceptions in one handler."""
    places = captures_of(finding.captures)
    kinds = []
    for name in ("first", "second"):
        node = code.node(places[name], ast.expr)
        parts = node.elts if isinstance(node, ast.Tuple) else [node]
        kinds += [code.of(code.span(part)) for part in parts]
    first = places["first"]
    if isinstance(code.node(first, ast.expr), ast.Tuple) and not code.of(first).startswith("("):
        raise NoFix("the kinds are written in an unusual way")
    if code.text[first.start - 1] == "(":
        raise NoFix("the kind stands in parentheses")
    together = f"({', '.join(dict.fromkeys(kinds))})"
    return [Edit(first, together), Edit(Span(places["body"].end, places["handler"].end), "")]


def one_if(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Put the second body behind the first."""
    places = captures_of(finding.captures)
    statement = code.node(places["second"], ast.If)
    fragment = Fragment(code, _around(code, places["first"], places["second"]))
    first = fragment.node(places["first"], cst.If)
    second = fragment.node(places["second"], cst.If)
    parent = fragment.parent(second)
    if not isinstance(parent, cst.IndentedBlock) or statement.lineno == statement.body[0].lineno:
        raise NoFix("the second stands in no body of its own")
    body, added = first.body, second.body
    if not isinstance(body, cst.IndentedBlock) or not isinstance(added, cst.IndentedBlock):
        raise NoFix("a body stands in the line of its condition")
    if added.header.comment is not None:
        raise NoFix("a comment stands beside the second condition")
    opening, *rest = cast("list[cst.BaseStatement]", [*added.body])
    if isinstance(opening, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
        lines = [*body.footer, *second.leading_lines, *opening.leading_lines]
        opening = opening.with_changes(leading_lines=lines)
    joined = first.with_changes(body=body.with_changes(body=[*body.body, opening, *rest], footer=added.footer))
    kept = [joined if each is first else each for each in parent.body if each is not second]
    module = fragment.module.deep_replace(parent, parent.with_changes(body=kept))
    assert isinstance(module, cst.Module)
    return [fragment.edit(module)]


def _around(code: Code, first: Span, second: Span) -> ast.stmt:
    """The statement that holds both."""
    for statement in code.around(second):
        if code.whole(statement).contains(first):
            return statement
    raise NoFix("the two stand in no statement")


def mapping_itself(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take keys() away."""
    places = captures_of(finding.captures)
    rest = Span(places["map"].end, places["call"].end)
    if code.of(rest).replace(" ", "") != ".keys()":
        raise NoFix("the call is written over several lines, or its owner in parentheses")
    return [Edit(rest, "")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "mapping-itself": mapping_itself,
    "one-handler": one_handler,
    "one-if": one_if,
}
