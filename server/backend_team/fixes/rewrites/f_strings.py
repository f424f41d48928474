"""What stands in the braces of f-strings: a conversion instead of a call, or a call instead of the whole string."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

import libcst as cst

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of, spaced
from backend_team.parsing import syntax_tree
from backend_team.text import Edit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_CONVERSIONS: Final = {"str": "s", "repr": "r", "ascii": "a"}


def conversion(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `!s`, `!r` or `!a` instead of the call."""
    place = captures_of(finding.captures)["string"]
    text = code.of(place)
    converted = _parsed(text).visit(_Convert())
    assert isinstance(converted, cst.BaseExpression)
    after = cst.Module([], default_newline=code.line_break).code_for_node(converted)[1:-1]
    meant = _Meant().visit(syntax_tree(f"({text})", mode="eval"))
    try:
        same = ast.dump(syntax_tree(f"({after})", mode="eval")) == ast.dump(meant)
    except SyntaxError:
        same = False
    if not same or after == text:
        raise NoFix("the string would be another one")
    return [spaced(code, Edit(place, after))]


def as_text(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say str()."""
    place = captures_of(finding.captures)["string"]
    string = _parsed(code.of(place))
    if not isinstance(string, cst.FormattedString) or len(string.parts) != 1:
        raise NoFix("the string has several parts")
    part = string.parts[0]
    if not isinstance(part, cst.FormattedStringExpression) or part.equal is not None:
        raise NoFix("the string has several parts")
    inner = cst.Module([]).code_for_node(part.expression)
    if "\n" in inner or "\r" in inner or isinstance(part.expression, (cst.Yield, cst.Tuple, cst.NamedExpr)):
        raise NoFix("what is in the braces can't stand in a call")
    return [spaced(code, Edit(place, f"str({inner})"))]


def _parsed(text: str) -> cst.BaseExpression:
    try:
        return cst.parse_expression(f"({text})")
    except (cst.ParserSyntaxError, cst.CSTValidationError):
        raise NoFix("the string could not be read") from None


def _argument(call: cst.BaseExpression) -> cst.BaseExpression | None:
    """What a call that a conversion says is given."""
    if not isinstance(call, cst.Call) or call.lpar or len(call.args) != 1 or not isinstance(call.func, cst.Name):
        return None
    argument = call.args[0]
    if call.func.value not in _CONVERSIONS or argument.keyword is not None or argument.star:
        return None
    return None if isinstance(argument.value, (cst.Lambda, cst.NamedExpr)) else argument.value


class _Convert(cst.CSTTransformer):
    def leave_FormattedStringExpression(
        self, original_node: cst.FormattedStringExpression, updated_node: cst.FormattedStringExpression
    ) -> cst.FormattedStringExpression:
        argument = _argument(updated_node.expression)
        if argument is None or updated_node.conversion is not None or updated_node.equal is not None:
            return updated_node
        assert isinstance(updated_node.expression, cst.Call)
        assert isinstance(updated_node.expression.func, cst.Name)
        starts = cst.Module([]).code_for_node(argument).startswith("{")
        return updated_node.with_changes(
            expression=argument,
            conversion=_CONVERSIONS[updated_node.expression.func.value],
            whitespace_before_expression=cst.SimpleWhitespace(" ")
            if starts
            else updated_node.whitespace_before_expression,
            whitespace_after_expression=cst.SimpleWhitespace(""),
        )


class _Meant(ast.NodeTransformer):
    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.FormattedValue:
        self.generic_visit(node)
        call = node.value
        if node.conversion != -1 or not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return node
        if call.func.id not in _CONVERSIONS or len(call.args) != 1 or call.keywords:
            return node
        if isinstance(call.args[0], (ast.Lambda, ast.NamedExpr, ast.Starred)):
            return node
        return ast.FormattedValue(call.args[0], ord(_CONVERSIONS[call.func.id]), node.format_spec)


REWRITES: Final[Mapping[str, Rewrite]] = {
    "as-text": as_text,
    "conversion": conversion,
}
