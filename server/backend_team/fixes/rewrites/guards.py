"""Conditions turned round: a guard instead of a long last `if`, the positive branch first, loops that say when."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final, cast

import libcst as cst

from backend_team.checks.opposites import opposite
from backend_team.fixes.code import NoFix
from backend_team.fixes.fragment import Fragment
from backend_team.fixes.template import captures_of, substitute
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
_LINE: Final = 88  # characters
_BLANK: Final = cst.EmptyLine(indent=False)


def add_guard(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Leave early under the opposite condition; what the `if` held follows it."""
    places = captures_of(finding.captures)
    fragment = Fragment(code, code.node(places["statement"], ast.If))
    branch = fragment.node(places["statement"], cst.If)
    body = branch.body
    if not isinstance(body, cst.IndentedBlock):
        raise NoFix("its body stands in the line of the `if`")
    if body.header.comment is not None:
        raise NoFix("a comment in the line of the `if` is about the condition")
    leave = cst.Continue() if "loop" in places else cst.Return()
    guard = branch.with_changes(
        test=_opposite(code, places["condition"]),
        body=body.with_changes(body=[cst.SimpleStatementLine([leave])], footer=()),
        whitespace_before_test=cst.SimpleWhitespace(" "),
    )
    first, *rest = cast("list[_Statement]", [*body.body])
    first = first.with_changes(leading_lines=_with_blank(first.leading_lines))
    parent = fragment.parent(branch)
    if not isinstance(parent, (cst.Module, cst.IndentedBlock)) or parent.body[-1] is not branch:
        raise NoFix("the `if` stands in no body of its own")
    changed = parent.with_changes(body=[*parent.body[:-1], guard, first, *rest], footer=[*body.footer, *parent.footer])
    return [fragment.edit(_replaced(fragment.module, parent, changed))]


def swap_branches(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the `not` away and let the two bodies change places."""
    places = captures_of(finding.captures)
    fragment = Fragment(code, code.node(places["statement"], ast.If))
    branch = fragment.node(places["statement"], cst.If)
    otherwise, test = branch.orelse, branch.test
    if not isinstance(otherwise, cst.Else) or not isinstance(test, cst.UnaryOperation):
        raise NoFix("there is no `else`")
    if otherwise.leading_lines or _has_header(branch.body) or _has_header(otherwise.body):
        raise NoFix("a comment is about one of the branches")
    if test.lpar:
        raise NoFix("the condition stands in parentheses")
    footer = branch.body.footer if isinstance(branch.body, cst.IndentedBlock) else ()
    if any(line.comment for line in footer):
        raise NoFix("a comment stands above the `else`")
    positive = test.expression
    loose = isinstance(positive, (cst.Yield, cst.NamedExpr, cst.GeneratorExp, cst.Tuple))
    if positive.lpar and not loose and "\n" not in fragment.module.code_for_node(positive):
        positive = positive.with_changes(lpar=positive.lpar[1:], rpar=positive.rpar[:-1])
    swapped = branch.with_changes(
        test=positive,
        body=otherwise.body,
        orelse=otherwise.with_changes(body=branch.body),
        whitespace_before_test=cst.SimpleWhitespace(" "),
    )
    return [fragment.edit(_replaced(fragment.module, branch, swapped))]


def loop_condition(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say in the head of the loop how long it runs."""
    places = captures_of(finding.captures)
    end = code.node(places["break"], ast.If)
    if "assignment" in places:
        name = code.text[places["assignment"].start : places["value"].start].rstrip(" \t").removesuffix("=").strip()
        value = code.of(places["value"])
        if not name.isidentifier() or _is_bracketed(code, places):
            raise NoFix("the assignment could not be read")
        head = f"{name} := {value}"
    else:
        head = opposite(end.test, lambda node: code.of(code.span(node)))
    line = code.text[code.line_start(places["statement"].start) : places["test"].start] + head + ":"
    if len(line) > _LINE:
        raise NoFix("the line would become too long")
    if code.text[places["test"].end] != ":" or code.text[places["test"].start - 1] == "(":
        raise NoFix("the head of the loop is written in an unusual way")
    first = places.get("assignment", places["break"])
    start, end_of_it = code.line_start(first.start), code.next_line(places["break"].end)
    between = code.text[code.line_end(places["test"].end) : start]
    if code.line_end(places["break"].end) != places["break"].end or between.strip():
        raise NoFix("other code, or a comment, stands beside the `if`")
    while not code.text[end_of_it : code.line_end(end_of_it)].strip() and end_of_it < len(code.text):
        end_of_it = code.next_line(end_of_it)
    return [Edit(places["test"], head), Edit(Span(start, end_of_it), "")]


def condition_alone(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Return the condition, negated or made a truth value where it must be."""
    places = captures_of(finding.captures)
    truth = "not $condition" if "negated" in places else "$condition" if "boolean" in places else "bool($condition)"
    statement, removed = places["statement"], places["removed"]
    return [substitute(code, statement, f"return {truth}", places), Edit(Span(statement.end, removed.end), "")]


def return_nothing(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `return` without None."""
    statement = captures_of(finding.captures)["statement"]
    if "#" in code.of(statement):
        raise NoFix("a comment stands before None")
    return [Edit(statement, "return")]


def _is_bracketed(code: Code, places: Mapping[str, Span]) -> bool:
    """Whether the value stands in parentheses of its own."""
    return bool(re.match(r"[ \t]*\)", code.text[places["value"].end :]))


def _opposite(code: Code, condition: Span) -> cst.BaseExpression:
    test = code.node(condition, ast.expr)
    if "#" in code.of(condition):
        raise NoFix("a comment stands in the condition")
    return cst.parse_expression(opposite(test, lambda node: code.of(code.span(node))))


def _with_blank(lines: object) -> list[cst.EmptyLine]:
    own = cast("list[cst.EmptyLine]", [*cast("tuple[cst.EmptyLine, ...]", lines)])
    return own if own and own[0].comment is None else [_BLANK, *own]


def _has_header(body: cst.BaseSuite) -> bool:
    if isinstance(body, cst.IndentedBlock):
        return body.header.comment is not None
    return True


def _replaced(module: cst.Module, old: cst.CSTNode, new: cst.CSTNode) -> cst.Module:
    changed = new if module is old else module.deep_replace(old, new)
    assert isinstance(changed, cst.Module)
    return changed


REWRITES: Final[Mapping[str, Rewrite]] = {
    "add-guard": add_guard,
    "condition-alone": condition_alone,
    "loop-condition": loop_condition,
    "return-nothing": return_nothing,
    "swap-branches": swap_branches,
}
