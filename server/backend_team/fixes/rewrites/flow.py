"""The order of statements: what only leads to a `return`, needless `else` of loops, one branch for two, one `with`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, cast

import libcst as cst

from backend_team.fixes.code import NoFix
from backend_team.fixes.fragment import Fragment
from backend_team.fixes.template import captures_of, spaced
from backend_team.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings

_Loop = cst.For | cst.While


def return_value(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Return the value itself, without a name for it."""
    places = captures_of(finding.captures)
    statement = code.node(places["statement"], ast.Assign)
    left = code.span(statement.targets[0])
    sign = code.text.find("=", left.end, places["value"].start)
    own_lines = code.text[code.line_end(places["statement"].end) : places["return"].start]
    if sign < 0 or "#" in code.text[left.end : sign] or "#" in own_lines:
        raise NoFix("a comment stands between the name and the `return`")
    value = sign + 1
    while code.text[value] in " \t":
        value += 1
    return [Edit(Span(left.start, value), "return "), code.removal(places["return"])]


def remove_end(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take the last statement of a body away, and the empty lines before it."""
    place = captures_of(finding.captures)["statement"]
    home = code.home(place)
    above = code.line_end(code.span(home.body[home.index - 1]).end)
    if above > place.start or code.text[above : place.start].strip() or code.line_end(place.end) != place.end:
        return [code.removal(place)]
    return [Edit(Span(above, place.end), "")]


def add_return(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Say `return None` at the end of the function."""
    last = captures_of(finding.captures)["last"]
    indentation = code.indentation(last.start)
    end = code.line_end(last.end)
    rest = code.text[last.end : end].strip()
    if rest and not rest.startswith("#"):
        raise NoFix("other code stands in the last line")
    following = code.next_line(last.end)
    while following < len(code.text):  # comments that are deeper belong to the last statement
        line = code.text[following : code.line_end(following)]
        blanks = line[: len(line) - len(line.lstrip())]
        if not line.strip().startswith("#") or not blanks.startswith(indentation) or blanks == indentation:
            break
        end = code.line_end(following)
        following = code.next_line(following)
    return [Edit(Span(end, end), f"{code.line_break}{indentation}return None")]


def unindent_loop_else(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Put what the `else` of a loop holds behind the loop."""
    place = captures_of(finding.captures)["statement"]
    statement = code.node(place, ast.stmt)
    fragment = Fragment(code, statement)
    kind: type[_Loop] = cst.While if isinstance(statement, ast.While) else cst.For
    loop = fragment.node(place, kind)
    otherwise = loop.orelse
    parent = fragment.parent(loop)
    if otherwise is None or not isinstance(parent, (cst.Module, cst.IndentedBlock)):
        raise NoFix("there is no `else`")
    body = otherwise.body
    if not isinstance(body, cst.IndentedBlock) or body.header.comment is not None:
        raise NoFix("a comment, or code, stands in the line of `else`")
    moved = [cast("cst.SimpleStatementLine", each) for each in body.body]
    moved[0] = moved[0].with_changes(leading_lines=[*otherwise.leading_lines, *moved[0].leading_lines])
    index = next(number for number, each in enumerate(parent.body) if each is loop)
    changes: dict[str, object] = {
        "body": [*parent.body[:index], loop.with_changes(orelse=None), *moved, *parent.body[index + 1 :]]
    }
    if body.footer:
        changes["footer"] = [*body.footer, *parent.footer]
    changed = parent.with_changes(**changes)
    module = changed if parent is fragment.module else fragment.module.deep_replace(parent, changed)
    assert isinstance(module, cst.Module)
    return [fragment.edit(module)]


def one_branch(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Make one branch of two with the same body."""
    places = captures_of(finding.captures)
    if code.text[places["first"].end] != ":" or code.text[places["second"].end] != ":":
        raise NoFix("the conditions stand in parentheses")
    return [
        Edit(places["first"], " or ".join(_joined(code, places[name]) for name in ("first", "second"))),
        Edit(Span(places["body"].end, places["again"].end), ""),
    ]


def _joined(code: Code, condition: Span) -> str:
    """The condition as it stands beside an `or`."""
    node = code.node(condition, ast.expr)
    text = code.of(condition)
    return f"({text})" if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) else text


def negate_branch(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Keep the `else` alone, under the opposite condition."""
    places = captures_of(finding.captures)
    test, keyword = places["test"], places["else"]
    if code.text[test.end] != ":":
        raise NoFix("the condition stands in parentheses")
    node = code.node(test, ast.expr)
    plain = isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Compare))
    opposite = f"not {code.of(test)}" if plain else f"not ({code.of(test)})"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        opposite = code.of(code.span(node.operand))
        if "(" in code.text[test.start : code.span(node.operand).start]:
            opposite = f"({opposite})"
    return [Edit(test, opposite), Edit(Span(test.end, keyword.end), "")]


def one_with(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Make one `with` of two."""
    places = captures_of(finding.captures)
    fragment = Fragment(code, code.node(places["statement"], ast.stmt))
    outer = fragment.node(places["statement"], cst.With)
    inner = fragment.node(places["inner"], cst.With)
    if outer.lpar is not cst.MaybeSentinel.DEFAULT and isinstance(outer.lpar, cst.LeftParen):
        raise NoFix("the managers stand in parentheses")
    if isinstance(inner.lpar, cst.LeftParen):
        raise NoFix("the managers stand in parentheses")
    if not isinstance(outer.body, cst.IndentedBlock) or any(line.comment for line in outer.body.footer):
        raise NoFix("a comment stands behind the inner `with`")
    if any(line.comment for line in inner.leading_lines):
        raise NoFix("a comment stands above the inner `with`")
    last = outer.items[-1].with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
    merged = outer.with_changes(items=[*outer.items[:-1], last, *inner.items], body=inner.body)
    module = fragment.module.deep_replace(outer, merged)
    assert isinstance(module, cst.Module)
    return [fragment.edit(module)]


def remove_item(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Take an item out of a display, with its comma."""
    place = captures_of(finding.captures)["item"]
    whole = captures_of(finding.captures).get("tuple") or captures_of(finding.captures)["list"]
    node = code.node(whole, ast.expr)
    assert isinstance(node, ast.Tuple | ast.Set)
    spans = [code.span(item) for item in node.elts]
    index = spans.index(place)
    last = index + 1 == len(spans)
    between = Span(spans[index - 1].end, place.end) if last else Span(place.start, spans[index + 1].start)
    if code.of(between).replace(code.of(place), "", 1).strip() != ",":
        raise NoFix("more than a comma stands beside it")
    if len(spans) == 2 and isinstance(node, ast.Tuple):  # one alone needs no tuple
        return [spaced(code, Edit(whole, code.of(spans[1 - index])))]
    return [Edit(between, "")]


REWRITES: Final[Mapping[str, Rewrite]] = {
    "add-return": add_return,
    "negate-branch": negate_branch,
    "one-branch": one_branch,
    "one-with": one_with,
    "remove-end": remove_end,
    "remove-item": remove_item,
    "return-value": return_value,
    "unindent-loop-else": unindent_loop_else,
}
