"""Branches: `else` that is not needed, `if` in `if`, truth turned into itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import libcst as cst

from backend_team.fixes.code import NoFix
from backend_team.fixes.fragment import Fragment
from backend_team.fixes.template import captures_of, substitute

if TYPE_CHECKING:
    import ast
    from collections.abc import Mapping, Sequence

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings
    from backend_team.text import Edit, Span

_Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
_NEED_PARENTHESES = (cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Yield)


def unindent_else(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Put what `else` holds behind the `if`."""
    statement = captures_of(finding.captures)["statement"]
    fragment = Fragment(code, _topmost(code, statement))
    outer = fragment.node(statement, cst.If)
    branch = outer
    while isinstance(branch.orelse, cst.If):
        branch = branch.orelse
    otherwise = branch.orelse
    if not isinstance(otherwise, cst.Else):
        raise NoFix("there is no `else`")
    moved, footer = _statements(otherwise)
    first = moved[0]
    moved[0] = first.with_changes(leading_lines=[*otherwise.leading_lines, *first.leading_lines])
    inner: cst.CSTNode = branch.with_changes(orelse=None)
    if branch is not outer:
        inner = outer.deep_replace(branch, inner)
    parent = fragment.parent(outer)
    if not isinstance(parent, (cst.Module, cst.IndentedBlock)):
        raise NoFix("the `if` stands in no body of its own")
    index = next(number for number, each in enumerate(parent.body) if each is outer)
    body = [*parent.body[:index], inner, *moved, *parent.body[index + 1 :]]
    changes: dict[str, object] = {"body": body}
    if footer:
        changes["footer"] = [*footer, *parent.footer]
    return [fragment.edit(_replaced(fragment.module, parent, parent.with_changes(**changes)))]


def else_if_to_elif(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `elif` for an `else` that holds only an `if`."""
    places = captures_of(finding.captures)
    fragment = Fragment(code, _topmost(code, places["statement"]))
    outer = fragment.node(places["statement"], cst.If)
    otherwise = outer.orelse
    if not isinstance(otherwise, cst.Else):
        raise NoFix("there is no `else`")
    moved, footer = _statements(otherwise)
    inner = moved[0]
    if not isinstance(inner, cst.If) or len(moved) != 1:
        raise NoFix("the `else` holds more than an `if`")
    if any(line.comment for line in footer):
        raise NoFix("a comment stands behind the inner `if`")
    inner = inner.with_changes(leading_lines=[*otherwise.leading_lines, *inner.leading_lines])
    return [fragment.edit(_replaced(fragment.module, outer, outer.with_changes(orelse=inner)))]


def merge_if(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Make one condition of two."""
    places = captures_of(finding.captures)
    fragment = Fragment(code, _topmost(code, places["statement"]))
    outer = fragment.node(places["statement"], cst.If)
    inner = fragment.node(places["inner"], cst.If)
    if not isinstance(outer.body, cst.IndentedBlock) or any(line.comment for line in outer.body.footer):
        raise NoFix("a comment stands behind the inner `if`")
    body = inner.body
    comment = outer.body.header.comment
    if comment is not None and isinstance(body, cst.IndentedBlock) and body.header.comment is None:
        body = body.with_changes(header=outer.body.header)
    test = cst.BooleanOperation(_operand(outer.test), cst.And(), _operand(inner.test))
    above = [*outer.leading_lines, *(line for line in inner.leading_lines if line.comment)]
    merged = outer.with_changes(
        test=test, body=body, whitespace_before_test=cst.SimpleWhitespace(" "), leading_lines=above
    )
    return [fragment.edit(_replaced(fragment.module, outer, merged))]


def condition_itself(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Give the condition, negated or made a truth value where it must be."""
    places = captures_of(finding.captures)
    truth = "not $condition" if "negated" in places else "$condition" if "boolean" in places else "bool($condition)"
    if "expression" in places:
        return [substitute(code, places["expression"], truth, places)]
    return [substitute(code, places["statement"], f"return {truth}", places)]


def _topmost(code: Code, statement: Span) -> ast.stmt:
    """The statement, or the `if` whose `elif` it is."""
    for node in code.around(statement):
        if code.span(node).start <= statement.start and not code.of(code.span(node)).startswith("elif"):
            return node
    raise NoFix("the statement could not be found")


def _statements(otherwise: cst.Else) -> tuple[list[_Statement], Sequence[cst.EmptyLine]]:
    """What an `else` holds, and the comments behind it; raises `NoFix` for a comment in the line of `else:`."""
    body = otherwise.body
    if isinstance(body, cst.IndentedBlock):
        if body.header.comment is not None:
            raise NoFix("a comment stands in the line of `else`")
        return [cast("_Statement", each) for each in body.body], body.footer
    if isinstance(body, cst.SimpleStatementSuite):
        return [cst.SimpleStatementLine(body.body, trailing_whitespace=body.trailing_whitespace)], ()
    raise NoFix("the body of the `else` could not be read")


def _operand(test: cst.BaseExpression) -> cst.BaseExpression:
    needs = isinstance(test, _NEED_PARENTHESES) or (
        isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.Or)
    )
    if needs and not test.lpar:
        return test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return test


def _replaced(module: cst.Module, old: cst.CSTNode, new: cst.CSTNode) -> cst.Module:
    if module is old:
        assert isinstance(new, cst.Module)
        return new
    changed = module.deep_replace(old, new)
    assert isinstance(changed, cst.Module)
    return changed


REWRITES: Final[Mapping[str, Rewrite]] = {
    "condition-itself": condition_itself,
    "else-if-to-elif": else_if_to_elif,
    "merge-if": merge_if,
    "unindent-else": unindent_else,
}
