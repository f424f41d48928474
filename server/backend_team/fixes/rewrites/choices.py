"""Conditions and choices inside an expression, said the other way round."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from backend_team.fixes.code import NoFix, parse
from backend_team.fixes.template import captures_of, spaced, substitute
from backend_team.text import Edit, Span, apply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backend_team.findings import Finding
    from backend_team.fixes.code import Code
    from backend_team.fixes.rewrites import Rewrite
    from backend_team.settings import Settings


_OPPOSITE: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Eq: "!=",
    ast.NotEq: "==",
}
_LINE: Final = 88  # characters: a list that makes a longer line stays a text


def positive_ternary(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Choose by the condition instead of by its opposite; a choice over several lines keeps its lines."""
    places = captures_of(finding.captures)
    target = places["target"]
    node = code.node(target, ast.IfExp)
    if node.lineno == node.end_lineno:
        return [substitute(code, target, "$then if $condition else $otherwise", places)]
    word = re.compile(r"not[ \t]*").match(code.text, code.span(node.test).start)
    if word is None or not isinstance(node.test, ast.UnaryOp):
        raise NoFix("the `not` could not be found")
    edits = [
        Edit(places["otherwise"], code.of(places["then"])),
        Edit(Span(*word.span()), ""),
        Edit(places["then"], code.of(places["otherwise"])),
    ]
    text = apply(code.of(target), [Edit(edit.span.shifted(-target.start), edit.text) for edit in edits])
    meant = ast.IfExp(node.test.operand, node.orelse, node.body)
    (statement,) = parse(f"({text})").body
    if not isinstance(statement, ast.Expr) or ast.dump(statement.value) != ast.dump(meant):
        raise NoFix("its parts can't change places without parentheses")
    return [spaced(code, edit) for edit in edits]


def value_last(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Put what is known behind what is asked about."""
    places = captures_of(finding.captures)
    operator = "!=" if "unequal" in places else "=="
    return [substitute(code, places["target"], f"$right {operator} $left", places)]


def opposite_parts(code: Code, finding: Finding, _: Settings) -> list[Edit]:
    """Turn each part of a group round instead of the group, or the only one."""
    target = captures_of(finding.captures)["target"]
    group = code.node(target, ast.UnaryOp).operand
    places, words = {}, []
    for number, part in enumerate(group.values if isinstance(group, ast.BoolOp) else [group]):
        if isinstance(part, ast.Compare):
            places[f"left{number}"] = code.span(part.left)
            places[f"right{number}"] = code.span(part.comparators[0])
            words.append(f"$left{number} {_OPPOSITE[type(part.ops[0])]} $right{number}")
        else:
            assert isinstance(part, ast.UnaryOp)
            places[f"part{number}"] = code.span(part.operand)
            words.append(f"$part{number}")
    operator = " or " if isinstance(group, ast.BoolOp) and isinstance(group.op, ast.And) else " and "
    return [substitute(code, target, operator.join(words), places)]


def list_of_texts(code: Code, finding: Finding, settings: Settings) -> list[Edit]:
    """Write the list that splitting the text gives."""
    places = captures_of(finding.captures)
    text = ast.literal_eval(code.of(places["text"]))
    separator = ast.literal_eval(code.of(places["separator"])) if "separator" in places else None
    written = f"[{', '.join(_quoted(each) for each in text.split(separator))}]"
    target = places["target"]
    before, after = target.start - code.line_start(target.start), code.line_end(target.end) - target.end
    if before + len(written) + after > _LINE:
        raise NoFix("the line would become too long")
    return [substitute(code, target, written, places)]


def _quoted(text: str) -> str:
    """The text as a literal in double quotes where that needs no escapes."""
    plain = repr(text)
    return f'"{plain[1:-1]}"' if plain.startswith("'") and '"' not in text else plain


REWRITES: Final[Mapping[str, Rewrite]] = {
    "list-of-texts": list_of_texts,
    "opposite-parts": opposite_parts,
    "positive-ternary": positive_ternary,
    "value-last": value_last,
}
