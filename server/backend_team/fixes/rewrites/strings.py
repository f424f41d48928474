"""Strings: the prefix `f` where nothing is formatted."""

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


def plain_string(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the `f` away; doubled braces become single ones."""
    place = captures_of(finding.captures)["string"]
    home = code.home(code.span(code.around(place)[0]))
    if home.index == 0 and code.span(home.body[0]) == place:
        raise NoFix("it would become a docstring")
    text = code.of(place)
    try:  # in parentheses, as parts may stand on lines of their own
        expression = cst.parse_expression(f"({text})")
        plain = expression.visit(_Plain())
        assert isinstance(plain, cst.BaseExpression)
        after = cst.Module([], default_newline=code.line_break).code_for_node(plain)[1:-1]
        meant = "".join(str(part.value) for part in _constants(syntax_tree(f"({text})", mode="eval").body))
        same = ast.literal_eval(f"({after})") == meant
    except (cst.ParserSyntaxError, cst.CSTValidationError, SyntaxError, ValueError, TypeError):
        raise NoFix("the string could not be read") from None
    if not same:
        raise NoFix("the string would be another one")
    return [spaced(code, Edit(place, after))]


def _constants(node: ast.expr) -> list[ast.Constant]:
    if isinstance(node, ast.JoinedStr):
        return [part for part in node.values if isinstance(part, ast.Constant)]
    return [node] if isinstance(node, ast.Constant) else []


class _Plain(cst.CSTTransformer):
    """Turns f-strings of text alone into strings."""

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.BaseExpression:
        texts = []
        for part in original_node.parts:
            if not isinstance(part, cst.FormattedStringText):
                return updated_node
            texts.append(part.value.replace("{{", "{").replace("}}", "}"))
        start = original_node.start.replace("f", "").replace("F", "")
        return cst.SimpleString(
            start + "".join(texts) + original_node.end, lpar=updated_node.lpar, rpar=updated_node.rpar
        )


REWRITES: Final[Mapping[str, Rewrite]] = {
    "plain-string": plain_string,
}
