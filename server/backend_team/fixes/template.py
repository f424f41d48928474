"""Templates: what a rule says instead of a place, with the captured code in it and parentheses where they are needed.

Parentheses are tried, fewest first, until the statement around has exactly the tree that is meant: the template's with
the captured nodes in it. So precedence and line ends need no tables, and a place that can't be right is not changed.
"""

from __future__ import annotations

import ast
import copy
import re
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from backend_team.fixes.code import Code, NoFix, parse
from backend_team.text import Edit, Source, Span, apply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_METAVARIABLE: Final = re.compile(r"\$(\$?)([A-Z][A-Z0-9_]*|[a-z]\w*)")
_PLAIN: Final = re.compile(r"[\w.]+")


def substitute(code: Code, target: Span, template: str, captures: Mapping[str, Span]) -> Edit:
    """The edit that puts a template in the place of a node; raises `NoFix` when its tree can't be the one meant."""
    names = {match[2]: bool(match[1]) for match in _METAVARIABLE.finditer(template)}
    for name in names:
        if name not in captures:
            raise NoFix(f"the finding has no {name}")
    statement = _statement(code, target)
    meant = _meant(code, statement, target, template, captures) if not any(names.values()) else None
    texts = {name: code.of(captures[name]) for name in names}
    single = [name for name, many in names.items() if not many and not _PLAIN.fullmatch(texts[name])]
    tries = 0
    for outer in (False, True):
        for inner in product((False, True), repeat=len(single)):
            wrapped = {name for name, wrap in zip(single, inner, strict=True) if wrap}
            text = _filled(template, texts, wrapped)
            edit = spaced(code, Edit(target, f"({text})" if outer else text))
            if _leads_to(code, edit, statement, meant):
                return edit
            tries += 1
            if tries > 16:
                break
    raise NoFix("the replacement can't be written here without changing what the code means")


def replace_token(code: Code, target: Span, text: str) -> Edit:
    """The edit that puts an operator or a name in the place of another."""
    if text[:1].isalpha() and not code.of(target)[:1].isalpha():  # `x==None`: the word needs room
        before, after = code.text[target.start - 1 : target.start], code.text[target.end : target.end + 1]
        text = ("" if before.isspace() else " ") + text + ("" if after.isspace() else " ")
    return spaced(code, Edit(target, text))


def spaced(code: Code, edit: Edit) -> Edit:
    """The edit with a blank where its text would otherwise grow together with the word beside it."""
    text = edit.text
    if text and _is_word(text[0]) and edit.span.start and _is_word(code.text[edit.span.start - 1]):
        text = " " + text
    if text and _is_word(text[-1]) and edit.span.end < len(code.text) and _is_word(code.text[edit.span.end]):
        text += " "
    return Edit(edit.span, text)


def _is_word(char: str) -> bool:
    return char.isalnum() or char in "_\"'"


def _filled(template: str, texts: Mapping[str, str], wrapped: set[str]) -> str:
    def fill(match: re.Match[str]) -> str:
        text = texts[match[2]]
        return f"({text})" if match[2] in wrapped else text

    return _METAVARIABLE.sub(fill, template)


def _statement(code: Code, target: Span) -> ast.stmt:
    """The smallest statement around whose text can be parsed by itself."""
    for statement in code.around(target):
        if not code.of(code.span(statement)).startswith("elif"):
            return statement
    raise NoFix("the place of the finding is in no statement")


def _leads_to(code: Code, edit: Edit, statement: ast.stmt, meant: str | None) -> bool:
    """Whether the statement with the edit in it parses, and to the tree that is meant."""
    start = code.line_start(code.whole(statement).start)
    end = code.next_line(code.span(statement).end)
    inner = Edit(edit.span.shifted(-start), edit.text)
    region = code.text[start:end]
    try:
        tree = parse(_alone(apply(region, [inner])))
        if meant is None:
            return True
    except SyntaxError:
        # The lines hold more than this statement, the head of the one around it for example: judge the whole text.
        try:
            tree = parse(apply(code.text, [edit]))
        except SyntaxError:
            return False
        return meant is None or any(
            isinstance(node, ast.stmt) and node.lineno == statement.lineno and _dump(node) == meant
            for node in ast.walk(tree)
        )
    return any(_dump(node) == meant for node in _statements(tree))


def _alone(region: str) -> str:
    return f"if 1:\n{region}" if region[:1] in " \t" else region


def _statements(tree: ast.AST) -> Iterator[ast.stmt]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.stmt))


def _dump(node: ast.AST) -> str:
    return re.sub(r"ctx=(Load|Store|Del)\(\)", "", ast.dump(node))


def _meant(code: Code, statement: ast.stmt, target: Span, template: str, captures: Mapping[str, Span]) -> str:
    """The tree of the statement as it shall be."""
    hidden = _METAVARIABLE.sub(r"__capture_\2__", template)
    (replacement,) = parse(hidden).body
    parts = {f"__capture_{name}__": span for name, span in captures.items() if f"__capture_{name}__" in hidden}
    nodes: dict[str, ast.AST] = {name: code.node(span, ast.expr) for name, span in parts.items()}
    old: ast.AST = code.node(target, ast.expr, ast.stmt)
    new: ast.AST = replacement
    if isinstance(old, ast.expr):
        if not isinstance(replacement, ast.Expr):
            raise NoFix("a statement can't stand in the place of an expression")
        new = replacement.value
    new = _Fill(nodes).visit(new)
    if old is statement:
        return _dump(new)
    mark = copy.deepcopy(statement, {id(old): copy.deepcopy(new)})
    return _dump(mark)


class _Fill(ast.NodeTransformer):
    """Puts captured nodes in the place of their names."""

    def __init__(self, nodes: Mapping[str, ast.AST]) -> None:
        self.nodes = nodes

    def visit_Name(self, node: ast.Name) -> Any:
        found = self.nodes.get(node.id)
        return node if found is None else copy.deepcopy(found)


def captures_of(pairs: Sequence[tuple[str, Span]]) -> dict[str, Span]:
    """The captures of a finding by name; the first of equal names counts."""
    found: dict[str, Span] = {}
    for name, span in pairs:
        found.setdefault(name, span)
    return found


def edited(source: Source, edits: Sequence[Edit]) -> Code:
    """The code after edits."""
    return Code(source.edited(edits))
