"""Defaults that all calls share: made in the function instead."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix
from backend_team.fixes.template import captures_of
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings

Function = ast.FunctionDef | ast.AsyncFunctionDef
_TYPES = (ast.Name, ast.Attribute, ast.Subscript)


def default_none(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Make the default None, and what it was at the start of the body."""
    places = captures_of(finding.captures)
    function = next((node for node in code.around(places["default"]) if isinstance(node, Function)), None)
    if function is None:
        raise NoFix("the function of the default could not be found")
    name = code.of(places["argument"])
    default = code.of(places["default"])
    if "\n" in default or "\r" in default:
        raise NoFix("the default stands on several lines")
    edits = [Edit(places["default"], "None")]
    annotation = _annotation(code, function, places["argument"], name)
    if annotation is not None:
        edits.append(_or_none(code, annotation, settings))
    edits.append(_made_in_body(code, function, name, default))
    return edits


def _annotation(code: Code, function: Function, argument: Span, name: str) -> ast.expr | None:
    arguments = function.args
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if each.arg == name and code.span(each).start == argument.start:
            return each.annotation
    raise NoFix("the argument could not be found")


def _or_none(code: Code, annotation: ast.expr, settings: Settings) -> Edit:
    if settings.target_version < (3, 10) or not isinstance(annotation, _TYPES):
        raise NoFix("its annotation would have to say that it may be None")
    end = code.span(annotation).end
    return Edit(Span(end, end), " | None")


def _made_in_body(code: Code, function: Function, name: str, default: str) -> Edit:
    first = function.body[0]
    indentation = code.indentation(code.whole(first).start)
    step = indentation.removeprefix(code.indentation(code.span(function).start)) or "    "
    line_break = code.line_break
    made = f"{indentation}if {name} is None:{line_break}{indentation}{step}{name} = {default}{line_break}"
    if not _is_docstring(first):
        start = code.line_start(code.whole(first).start)
        while (above := code.line_start(start - 1)) and code.text[above:start].lstrip().startswith("#"):
            start = above  # a comment stays with what it is about
        return Edit(Span(start, start), made)
    end = code.span(first).end
    following = code.next_line(end)
    rest = code.text[end : code.line_end(end)].strip()
    if rest and not rest.startswith("#"):
        raise NoFix("code stands in the line of the docstring")
    if following == code.line_end(end):  # the text ends without a line end
        made = line_break + made.removesuffix(line_break)
    return Edit(Span(following, following), made)


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


REWRITES: Final[Mapping[str, Rewrite]] = {
    "default-none": default_none,
}
